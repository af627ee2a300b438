import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { ExpiredKind, ExpiredRecords } from '../ports/stores/expired-records.ts';
import type { Clock } from '../ports/system/clock.ts';
import { PartFailed } from '../steps/part-failed.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** For how many seconds records are kept once their time is over. Clocks of processes may be half a minute apart. */
const KEPT_SECONDS: Readonly<Record<ExpiredKind, number>> = {
  // Access tokens live an hour at most, and a replica that has missed a revocation has to find it for as long.
  sessions: 2 * HOUR,
  oneTimeTokens: HOUR,
  signInChallenges: HOUR,
  passkeyChallenges: HOUR,
  // The longest lock is a quarter of an hour.
  failureCounters: DAY,
  // Mails to a recipient are counted over the last hour; an operator looks back further.
  outboxEntries: 30 * DAY,
  idempotencyKeys: HOUR,
  caseReceipts: 30 * DAY,
  legacyTickets: HOUR,
};

const KINDS = Object.keys(KEPT_SECONDS) as ExpiredKind[];

/** Records that are removed at once: few enough that nobody notices. */
const BATCH = 1_000;

export interface PurgeExpiredCommand {
  readonly actor: Actor;
}

interface Dependencies {
  readonly clock: Clock;
  readonly expiredRecords: ExpiredRecords;
}

/** Removes sessions, tokens, challenges and whatever else has been over for so long that nothing asks for it. */
export class PurgeExpired {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Works in batches, each of which is kept whatever becomes of the next.
   *
   * @returns how many it removed, by kind
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {AggregateError} of {@link PartFailed} where some kinds failed, after all others
   */
  async execute({ actor }: PurgeExpiredCommand): Promise<Readonly<Record<ExpiredKind, number>>> {
    authorize(actor, 'jobs.run');
    const now = this.#deps.clock.now();
    const counts = { ...KEPT_SECONDS };
    const failures: unknown[] = [];
    for (const kind of KINDS) {
      try {
        counts[kind] = await this.#removeAll(kind, now);
      } catch (error) {
        failures.push(new PartFailed(kind, error));
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(
        failures,
        `${String(failures.length)} kinds of expired records were not removed.`,
      );
    }
    return counts;
  }

  async #removeAll(kind: ExpiredKind, now: Date): Promise<number> {
    const before = addSeconds(now, -KEPT_SECONDS[kind]);
    let removed = 0;
    for (;;) {
      const batch = await this.#deps.expiredRecords.remove(kind, before, BATCH);
      removed += batch;
      if (batch < BATCH) return removed;
    }
  }
}
