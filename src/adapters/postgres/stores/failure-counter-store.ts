import type { FailureCounterStore } from '../../../application/ports/stores/failure-counter-store.ts';
import { Unavailable } from '../../../domain/access/errors.ts';
import {
  FREE_FAILURES,
  MAX_LOCK_SECONDS,
  reserveAttempt,
  type Reservation,
} from '../../../domain/access/failure-counter.ts';
import type { Statement, Statements } from '../statements.ts';

interface ReservationRow {
  /** Failures with this attempt; `null` where it was refused. */
  readonly reserved: number | null;
  /** As it was when the statement began. */
  readonly failures: number | null;
  readonly locked_until: Date | null;
}

/** `reserveAttempt` and `lockSeconds` in SQL; the contract suite holds both to the same figures. */
const RESERVE: Statement<ReservationRow> = {
  text: `WITH reserved AS (
      INSERT INTO failure_counters AS counter (key, failures, locked_until, last_failed_at)
      VALUES ($1::bytea, 1, NULL, $2::timestamptz)
      ON CONFLICT (key) DO UPDATE SET
        failures = counter.failures + 1,
        locked_until = CASE WHEN counter.failures + 1 >= ${FREE_FAILURES} THEN $2::timestamptz + make_interval(
          secs => least(${MAX_LOCK_SECONDS}, 2 ^ least(counter.failures + 1 - ${FREE_FAILURES}, 10))) END,
        last_failed_at = $2::timestamptz
      WHERE counter.locked_until IS NULL OR counter.locked_until <= $2::timestamptz
      RETURNING failures
    )
    SELECT (SELECT failures FROM reserved) AS reserved, known.failures, known.locked_until
    FROM (VALUES ($1::bytea)) AS asked (key) LEFT JOIN failure_counters AS known USING (key)`,
};

/** `giveBackAttempt` in SQL. */
const GIVE_BACK: Statement<never> = {
  text: 'UPDATE failure_counters SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE key = $1::bytea',
};

/** `liftLock` in SQL. */
const LIFT: Statement<never> = {
  text: 'UPDATE failure_counters SET locked_until = NULL WHERE key = $1::bytea',
};

const CLEAR: Statement<never> = { text: 'DELETE FROM failure_counters WHERE key = $1::bytea' };

/** How often the statement is repeated to learn of a lock that came while it ran. */
const MAX_LOOKS = 5;

/** Failures in a row, in PostgreSQL. */
export class PostgresFailureCounterStore implements FailureCounterStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async reserve(key: Uint8Array, now: Date): Promise<Reservation> {
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const [row] = await this.#statements.run(RESERVE, [key, now]);
      if (row?.reserved != null) return { kind: 'reserved', failures: row.reserved };
      // Refused by a lock that was set while the statement ran shows no lock: the next look sees it.
      const counter =
        row?.failures == null ? null : { failures: row.failures, lockedUntil: row.locked_until };
      const { reservation } = reserveAttempt(counter, now);
      if (reservation.kind === 'locked') return reservation;
    }
    throw new Unavailable();
  }

  async giveBack(key: Uint8Array): Promise<void> {
    await this.#statements.run(GIVE_BACK, [key]);
  }

  async lift(key: Uint8Array): Promise<void> {
    await this.#statements.run(LIFT, [key]);
  }

  async clear(key: Uint8Array): Promise<void> {
    await this.#statements.run(CLEAR, [key]);
  }
}
