import { setTimeout } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { FirstFault } from './first-fault.ts';

/** Milliseconds between looks for a run that somebody else may have left, at the longest. */
const POLL_MAX_MS = 30_000;
/** Milliseconds between making sure that the job is there at all. */
const ENSURE_MS = 60_000;
/** Milliseconds by which a look comes after the run is due, so that it is never a moment too early. */
const LATE_MS = 50;
/** Every recurring job has the same key: its queue holds one. */
const KEY = 'recurring';

/**
 * Ends a run as pg-boss ends one that failed and is tried again, but due an interval after the run's beginning, and at the earliest a
 * second from now. Nothing where the run was given to somebody else meanwhile: each attempt has a number of its own.
 */
const PUT_BACK = `UPDATE casegate_jobs.job SET state = 'retry', heartbeat_on = NULL, start_after = due,
  keep_until = due + (keep_until - start_after)
FROM (SELECT greatest(started_on + $4 * interval '1 s', now() + interval '1 s') AS due
  FROM casegate_jobs.job WHERE name = $1 AND id = $2::uuid) AS next
WHERE name = $1 AND id = $2::uuid AND state = 'active' AND retry_count = $3
RETURNING 1000 * extract(epoch FROM due - now())::float8 AS wait`;

/** What is done again and again. */
export interface Recurrence {
  /** From the beginning of a run to that of the next, wherever each of them runs. */
  readonly intervalSeconds: number;
  /** One run. It may be done again, or twice at once, where its process is slow or killed; a failure is told, and the next run comes. */
  readonly run: () => Promise<void>;
}

/** What a recurring job needs. */
export interface RecurringJobOptions extends Recurrence {
  readonly boss: Pick<PgBoss, 'fetch' | 'send' | 'touch' | 'upsert'>;
  readonly runScript: (text: string, values: readonly unknown[]) => Promise<readonly object[]>;
  /** Its queue, of the policy `exclusive`, whose attempts never run out. */
  readonly name: string;
  /** Told of what fails, the first time in a row, in words without anything personal. */
  readonly onFault: (reason: string) => void;
}

/**
 * A job that comes once an interval among all processes, of whom each may take the next run. It is one row that is put back after each
 * run: runs never pile up, none is left behind, and no failure ends the recurrence. The row is made where it is missing, at the start
 * and once a minute.
 */
export class RecurringJob {
  readonly #options: RecurringJobOptions;
  readonly #pollMs: number;
  readonly #outage: FirstFault;
  readonly #failure: FirstFault;
  readonly #loop: Promise<void>;
  #run: JobWithMetadata | null = null;
  #ensuredAt: number | null = null;
  #alarm = new AbortController();
  #stopping = false;

  /** Begins at once: the next run is due now, unless one is under way. */
  constructor(options: RecurringJobOptions) {
    this.#options = options;
    const { intervalSeconds, name, onFault } = options;
    this.#pollMs = Math.min(intervalSeconds * 1000, POLL_MAX_MS);
    this.#outage = new FirstFault((fault) => onFault(`queue ${name} out of reach (${fault})`));
    this.#failure = new FirstFault((fault) => onFault(`recurring job ${name} failed (${fault})`));
    this.#loop = this.#repeat();
  }

  /** Looks for a run now. */
  wake(): void {
    this.#alarm.abort();
  }

  /** The id of the job while it runs here. */
  atHand(): readonly string[] {
    return this.#run ? [this.#run.id] : [];
  }

  /** Touches the job where it runs here: somebody is at work on it. Never rejects. */
  async touch(): Promise<void> {
    const { boss, name } = this.#options;
    if (this.#run) await boss.touch(name, [this.#run]).catch(() => undefined);
  }

  /** Begins no further run; resolves when the one under way is done. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop;
  }

  async #repeat(): Promise<void> {
    while (!this.#stopping) {
      this.#alarm = new AbortController();
      const ms = await this.#outage.orElse(this.#turn(), this.#pollMs);
      await setTimeout(ms, undefined, { signal: this.#alarm.signal }).catch(() => undefined);
    }
  }

  /** @returns milliseconds until the next look */
  async #turn(): Promise<number> {
    await this.#ensure();
    const { boss, name } = this.#options;
    const [run] = await boss.fetch<object>(name, { includeMetadata: true });
    if (!run) return this.#pollMs;
    this.#run = run;
    try {
      await this.#failure.orElse(this.#perform(), undefined);
      return await this.#putBack(run);
    } finally {
      this.#run = null;
    }
  }

  async #perform(): Promise<void> {
    await this.#options.run();
  }

  async #putBack({ id, retryCount }: JobWithMetadata): Promise<number> {
    const { intervalSeconds, name, runScript } = this.#options;
    const [row] = await runScript(PUT_BACK, [name, id, retryCount, intervalSeconds]);
    return row && 'wait' in row ? Number(row.wait) + LATE_MS : this.#pollMs;
  }

  /** At the first time the job becomes due; later it is made only where it is missing. */
  async #ensure(): Promise<void> {
    const now = performance.now();
    if (this.#ensuredAt !== null && now - this.#ensuredAt < ENSURE_MS) return;
    const { boss, name } = this.#options;
    if (this.#ensuredAt === null) await boss.upsert(name, null, { singletonKey: KEY, startAfter: 0 });
    else await boss.send(name, null, { singletonKey: KEY });
    this.#ensuredAt = now;
  }
}
