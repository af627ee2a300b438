import { addSeconds, secondsToWait } from '../shared/time.ts';

/** Failures in a row that cost nothing but the answer. */
export const FREE_FAILURES = 10;
/** The longest lock, in seconds. */
export const MAX_LOCK_SECONDS = 900;

/** How often in a row an account (or an address without one) has failed to prove itself. */
export interface FailureCounter {
  readonly failures: number;
  readonly lockedUntil: Date | null;
}

/** Whether an attempt may be made; a refused one is not counted. */
export type Reservation =
  /** `failures` counts this attempt. */
  | { readonly kind: 'reserved'; readonly failures: number }
  | { readonly kind: 'locked'; readonly retryAfterSeconds: number };

/** The lock that the `failures`-th failure in a row brings, in seconds: none up to the ninth; the tenth brings 1, then 2, 4 … 900. */
export const lockSeconds = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(MAX_LOCK_SECONDS, 2 ** Math.min(failures - FREE_FAILURES, 10));

/**
 * Counts an attempt as failed before it is compared, so that parallel guesses cannot share one place. A success clears the
 * counter afterwards.
 */
export function reserveAttempt(
  counter: FailureCounter | null,
  now: Date,
): { readonly counter: FailureCounter | null; readonly reservation: Reservation } {
  if (counter?.lockedUntil && now < counter.lockedUntil) {
    const retryAfterSeconds = secondsToWait(now, counter.lockedUntil);
    return { counter, reservation: { kind: 'locked', retryAfterSeconds } };
  }
  const failures = (counter?.failures ?? 0) + 1;
  const lock = lockSeconds(failures);
  return {
    counter: { failures, lockedUntil: lock > 0 ? addSeconds(now, lock) : null },
    reservation: { kind: 'reserved', failures },
  };
}

/**
 * Takes back an attempt that was counted in advance and then could not be compared, and the lock with it: an attempt is reserved only
 * where no lock was in force.
 */
export const giveBackAttempt = ({ failures }: FailureCounter): FailureCounter => ({
  failures: Math.max(0, failures - 1),
  lockedUntil: null,
});

/** Ends the lock and keeps the count: one attempt is heard, and the lock that its failure brings is as long as without this. */
export const liftLock = ({ failures }: FailureCounter): FailureCounter => ({ failures, lockedUntil: null });
