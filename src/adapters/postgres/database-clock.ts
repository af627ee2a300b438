import type { Clock } from '../../application/ports/system/clock.ts';
import type { Statement, Statements } from './statements.ts';

/** Milliseconds by which the machine's clock may differ from the database's before it is corrected. */
const TOLERANCE_MS = 250;
/** Milliseconds after which an answer tells too little about when it was given. */
const MAX_ROUND_TRIP_MS = 1_000;
const INTERVAL_MS = 30_000;

const NOW: Statement<{ readonly now: Date }> = { text: 'SELECT clock_timestamp() AS now' };

/**
 * The machine's clock, corrected by the database's where the two differ, so that replicas whose clocks are apart agree on what is
 * past: a retried refresh is not taken for a replay, and a token of one is not from the future for another. The clocks of machines
 * that follow the same time server are left alone.
 */
export class DatabaseClock implements Clock {
  readonly #statements: Statements;
  readonly #machine: () => number;
  #offsetMs = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param machine milliseconds of the epoch; the system's clock unless told */
  constructor(statements: Statements, machine: () => number = Date.now) {
    this.#statements = statements;
    this.#machine = machine;
  }

  now(): Date {
    return new Date(this.#machine() + this.#offsetMs);
  }

  /** Compares the clocks, and again every 30 seconds. */
  async start(): Promise<void> {
    await this.compare();
    this.#timer = setInterval(() => void this.compare(), INTERVAL_MS).unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Compares the clocks once. Where the database does not answer, or too late to tell, the last correction stands. */
  async compare(): Promise<void> {
    const askedAt = this.#machine();
    const rows = await this.#statements.run(NOW, []).catch(() => []);
    const answeredAt = this.#machine();
    const answer = rows[0]?.now.getTime();
    if (answer === undefined || answeredAt - askedAt > MAX_ROUND_TRIP_MS) return;
    const offsetMs = answer - (askedAt + answeredAt) / 2;
    if (Math.abs(offsetMs - this.#offsetMs) <= TOLERANCE_MS) return;
    this.#offsetMs = Math.abs(offsetMs) <= TOLERANCE_MS ? 0 : Math.round(offsetMs);
  }
}
