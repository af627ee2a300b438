import type { Application } from '../../application/application.ts';
import { OPERATOR } from './operator.ts';
import { withProgress } from './progress.ts';

/**
 * Sees to it that every row of the legacy service is in the index, as a service that runs does: rows that it has not seen, however old they
 * say they are, would be found by no look-up. Rows whose identifier is linked already get their owner by this.
 */
export async function completeLegacyIndex({ legacy }: Application): Promise<void> {
  await withProgress('legacy rows indexed', async (update) => {
    for (;;) {
      const { entries, isComplete, rows } = await legacy.readLegacyIndexState.execute({ actor: OPERATOR });
      const { indexed } = await legacy.indexLegacyRequests.execute({ actor: OPERATOR });
      if (isComplete && indexed === 0) return;
      update(entries + indexed, Math.max(entries + indexed, rows));
    }
  });
}
