import type { Application } from '../../application/application.ts';
import { OPERATOR } from './operator.ts';
import { progress } from './progress.ts';

/**
 * Sees to it that the index of the legacy service's rows is complete, as a service that runs does: without it every look-up would read
 * every row.
 */
export async function completeLegacyIndex({ legacy }: Application): Promise<void> {
  const shown = progress('legacy rows indexed');
  try {
    for (;;) {
      const { entries, isComplete, rows } = await legacy.readLegacyIndexState.execute({ actor: OPERATOR });
      if (isComplete) return;
      shown.update(entries, Math.max(entries, rows));
      await legacy.indexLegacyRequests.execute({ actor: OPERATOR });
    }
  } finally {
    shown.stop();
  }
}
