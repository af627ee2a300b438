import type { Application } from '../application/application.ts';
import type { Recurrence } from '../adapters/jobs/recurring-job.ts';
import type { SystemActor } from '../domain/access/actor.ts';
import { DEFAULT_TENANT_ID } from '../domain/shared/ids.ts';
import { headLog } from './head-log.ts';

/** Whoever does what nobody has asked for: the installation itself, at the practice. */
const ACTOR: SystemActor = { kind: 'system', tenantId: DEFAULT_TENANT_ID };

/** `sessions 3, outbox 12`: the kinds of which there are any. */
const toldCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${String(count)}`)
    .join(', ');

/**
 * What is done again and again, by the name of its queue.
 *
 * @param onEvent told what was removed, in numbers, when the legacy index is complete, and now and then how far the audit trail is sealed
 */
export const recurringJobs = (
  { access, audit, cases, legacy }: Application,
  onEvent: (event: string) => void,
  noteHead = headLog(onEvent),
): Readonly<Record<string, Recurrence>> => ({
  'case-timers': {
    intervalSeconds: 5,
    run: async () => {
      await cases.runCaseTimers.execute({ actor: ACTOR });
    },
  },
  'audit-seal': {
    intervalSeconds: 1,
    run: async () => {
      const { head } = await audit.sealAuditTrail.execute({ actor: ACTOR });
      noteHead(head);
    },
  },
  'legacy-index': {
    intervalSeconds: 5,
    run: async () => {
      const { completedWith } = await legacy.indexLegacyRequests.execute({ actor: ACTOR });
      if (completedWith !== null) onEvent(`legacy index complete: ${String(completedWith)} requests`);
    },
  },
  purge: {
    intervalSeconds: 600,
    run: async () => {
      const told = toldCounts(await access.purgeExpired.execute({ actor: ACTOR }));
      if (told !== '') onEvent(`expired records removed: ${told}`);
    },
  },
});
