import type { Reservation } from '../../../domain/access/failure-counter.ts';

/** Failures in a row by account or address, shared by all ways of proving oneself. */
export interface FailureCounterStore {
  /**
   * Counts an attempt as failed in advance, by the rule of `reserveAttempt`; one statement, so that parallel guesses take turns.
   *
   * @param key keyed hash of tenant and address, 32 octets
   */
  readonly reserve: (key: Uint8Array, now: Date) => Promise<Reservation>;
  /** Takes back one reserved attempt that was never compared, by the rule of `giveBackAttempt`; one statement. */
  readonly giveBack: (key: Uint8Array) => Promise<void>;
  /** Ends a lock and keeps the count, by the rule of `liftLock`; one statement. */
  readonly lift: (key: Uint8Array) => Promise<void>;
  /** Forgets the failures, after a success. */
  readonly clear: (key: Uint8Array) => Promise<void>;
}
