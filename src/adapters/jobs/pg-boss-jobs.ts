import { setTimeout } from 'node:timers/promises';
import { PgBoss, type Db } from 'pg-boss';
import type { OutboxJob, OutboxTopic } from '../../application/ports/stores/outbox.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import { faultOf } from './fault-of.ts';
import { FirstFault } from './first-fault.ts';
import { LostJobs } from './lost-jobs.ts';
import { QueueWorker, type JobHandler } from './queue-worker.ts';
import { RecurringJob, type Recurrence } from './recurring-job.ts';
import { repeat } from './repeat.ts';

/** Milliseconds that `stop` waits for jobs at hand; what is not done by then is done again elsewhere. */
const STOP_GRACE_MS = 5_000;
/** A job that is due within so many milliseconds is due now: clocks do not agree on less. */
const DUE_NOW_MS = 1_000;
/** Milliseconds between touches of the jobs at hand. */
const TOUCH_MS = 1_000;
/** Milliseconds between looks for jobs of workers that are gone. */
const LOOK_MS = 2_000;
/** Milliseconds until the look that decides on jobs which the last one has found: a worker that lives has touched them by then. */
const DECIDE_MS = TOUCH_MS + 250;
/** Seconds between looks for jobs that wait for other jobs. There are none here; pg-boss would look every 5 s. */
const FLOW_INTERVAL_SECONDS = 86_400;

/** Statements of the transaction in which a job is enqueued. */
export interface TransactionStatements {
  readonly run: (
    statement: { readonly text: string },
    parameters: readonly unknown[],
  ) => Promise<readonly unknown[]>;
}

/** What the queue stands on. */
export interface PgBossJobsOptions {
  /** Runs one statement, or a script of several that brings its own BEGIN and COMMIT; gives the rows of them all. */
  readonly runScript: (text: string, values?: readonly unknown[]) => Promise<readonly object[]>;
  readonly clock: Clock;
  /** The PostgreSQL channel that is notified when a job is due at once; whoever listens calls `wake`. */
  readonly channel: string;
  /** Whether this process looks after the queues: ends attempts that take more than a minute, and removes old jobs. */
  readonly maintains: boolean;
  /** Seconds between looks for attempts that take too long; 60 unless told. */
  readonly monitorSeconds?: number | undefined;
  /** Told of what fails, in words without anything personal. */
  readonly onFault?: ((reason: string) => void) | undefined;
}

/** The job queue in the database is not the one that this release knows: a newer release has migrated it. */
export class JobQueueUnfit extends Error {
  constructor(options?: ErrorOptions) {
    super(
      'The job queue in this database is of another version than this release needs. ' +
        'Start the release that migrated it, or undo that migration with "casegate migrate down" of that release.',
      options,
    );
    this.name = 'JobQueueUnfit';
  }
}

/** As pg-boss reads rows: without a claim as to what is in them. */
const asDatabase = (run: (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>): Db => ({
  executeSql: async (text, values = []) => ({ rows: [...(await run(text, values))] }),
});

function makeBoss(options: PgBossJobsOptions): PgBoss {
  const { maintains, monitorSeconds = 60, runScript } = options;
  return new PgBoss({
    db: asDatabase(runScript),
    schema: 'casegate_jobs',
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: maintains,
    superviseIntervalSeconds: monitorSeconds,
    monitorIntervalSeconds: monitorSeconds,
    flowIntervalSeconds: FLOW_INTERVAL_SECONDS,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
}

/**
 * Jobs on pg-boss, in the schema that a migration made. A job is enqueued in the transaction of its entry in the outbox, so it exists
 * exactly when the entry does, and done at least once after that.
 */
export class PgBossJobs {
  readonly #options: PgBossJobsOptions;
  readonly #boss: PgBoss;
  readonly #lost: LostJobs;
  readonly #outage = new FirstFault((fault) => this.#onFault(`lost jobs not looked for (${fault})`));
  readonly #over = new AbortController();
  #workers: readonly QueueWorker[] = [];
  #recurring: readonly RecurringJob[] = [];
  #loops: readonly Promise<void>[] = [];
  #stopping: Promise<void> | null = null;

  constructor(options: PgBossJobsOptions) {
    this.#options = options;
    this.#boss = makeBoss(options);
    this.#lost = new LostJobs(options.runScript);
    this.#boss.on('error', (error) => this.#onFault(`job queue: ${faultOf(error)}`));
    this.#boss.on('warning', ({ data }) => {
      this.#onFault(`job queue: warning (${'type' in data ? String(data.type) : 'unknown'})`);
    });
  }

  /**
   * Learns the queues, so that enqueueing asks the database for nothing but the job, and begins to look after them where it is told to.
   *
   * @throws {Unavailable} where the database is out of reach
   * @throws {JobQueueUnfit}
   */
  async start(): Promise<void> {
    await this.#boss.start().catch((error: unknown) => {
      const isOfDatabase = error instanceof Error && 'code' in error;
      throw isOfDatabase ? error : new JobQueueUnfit({ cause: error });
    });
  }

  /** Enqueues a job within the caller's transaction; workers hear of it when that is committed. */
  readonly enqueue = async (statements: TransactionStatements, job: OutboxJob): Promise<void> => {
    const { topic, tenantId, outboxId, dueAt } = job;
    const isDue = dueAt.getTime() - this.#options.clock.now().getTime() < DUE_NOW_MS;
    await this.#boss.send(
      topic,
      { tenantId, outboxId },
      {
        db: asDatabase((text, values) => statements.run({ text }, values)),
        ...(isDue ? {} : { startAfter: dueAt }),
      },
    );
    if (isDue) await statements.run({ text: `SELECT pg_notify($1::text, '')` }, [this.#options.channel]);
  };

  /**
   * Lets the workers of other processes know that one is there, so that its jobs are not taken for lost where it is slow. To be called
   * before `work`, with a session of the server itself that lives as long as this process; and again with each that takes its place.
   */
  readonly announce = (run: (text: string, values: unknown[]) => Promise<unknown>): Promise<void> =>
    this.#lost.announce(run);

  /**
   * Begins to do jobs, those that wait already first; takes back jobs of workers that are gone.
   *
   * @param recurrences what is done once an interval by one of all processes, by the name of its queue; all of it soon
   */
  work(
    handlers: Readonly<Record<OutboxTopic, JobHandler>>,
    recurrences: Readonly<Record<string, Recurrence>> = {},
  ): void {
    const boss = this.#boss;
    const onFault = (reason: string) => this.#onFault(reason);
    const topics = Object.keys(handlers) as OutboxTopic[];
    this.#workers = topics.map((topic) => new QueueWorker({ boss, topic, handle: handlers[topic], onFault }));
    const { runScript } = this.#options;
    this.#recurring = Object.entries(recurrences).map(
      ([name, recurrence]) => new RecurringJob({ ...recurrence, boss, runScript, name, onFault }),
    );
    const queues = [...topics, ...Object.keys(recurrences)];
    const { signal } = this.#over;
    this.#loops = [repeat(() => this.#touch(), signal), repeat(() => this.#takeBack(queues), signal)];
  }

  /** Looks for jobs now; to be called when the channel was notified, and whenever a notification may have been missed. */
  wake(): void {
    for (const worker of this.#workers) worker.wake();
  }

  /** Takes up no more jobs and waits for those at hand, five seconds at most; may be called again. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #touch(): Promise<number> {
    await Promise.all(this.#all().map((worker) => worker.touch()));
    return TOUCH_MS;
  }

  #all(): readonly (QueueWorker | RecurringJob)[] {
    return [...this.#workers, ...this.#recurring];
  }

  async #takeBack(queues: readonly string[]): Promise<number> {
    if (this.#stopping !== null) return LOOK_MS;
    const own = this.#all().flatMap((worker) => worker.atHand());
    const taken = await this.#outage.orElse(this.#lost.takeBack(queues, own), 0);
    if (taken > 0) {
      this.#onFault(`jobs of lost workers taken up again: ${String(taken)}`);
      for (const worker of this.#all()) worker.wake();
    }
    return this.#lost.suspects ? DECIDE_MS : LOOK_MS;
  }

  async #stop(): Promise<void> {
    const done = new AbortController();
    const grace = setTimeout(STOP_GRACE_MS, undefined, { signal: done.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#all().map((worker) => worker.stop())), grace]);
    this.#over.abort();
    await Promise.race([Promise.all([...this.#loops, this.#boss.stop({ close: false })]), grace]);
    done.abort();
  }

  #onFault(reason: string): void {
    if (this.#stopping === null) this.#options.onFault?.(reason);
  }
}
