import { setTimeout } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { OutboxJob, OutboxTopic } from '../../application/ports/stores/outbox.ts';
import { faultOf } from './fault-of.ts';
import { FirstFault } from './first-fault.ts';

/** Milliseconds between looks at the queue where nothing wakes the worker. */
const POLL_MS = 2_000;
/** Jobs of a queue that a process does at a time: one that waits for a slow host holds nobody else up. */
const SLOTS = 5;

/** What the queue keeps of a job: ids only, whatever else it needs is in the outbox. */
type JobData = Pick<OutboxJob, 'tenantId' | 'outboxId'>;

/** One attempt at a job. */
export interface JobAttempt extends JobData {
  /** Whether the job goes to the queue `dead` if it fails this time. */
  readonly lastAttempt: boolean;
}

/**
 * Does a job; it is done when the promise resolves. A job may be done again though it was done (its worker was killed in between). It
 * has to end within a minute: after that it counts as lost, and is done elsewhere.
 *
 * @throws where another attempt shall be made, after a while
 */
export type JobHandler = (attempt: JobAttempt) => Promise<void>;

/** What a worker of one queue needs. */
export interface QueueWorkerOptions {
  readonly boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail' | 'touch'>;
  readonly topic: OutboxTopic;
  readonly handle: JobHandler;
  /** Told of what fails, in words without anything personal. */
  readonly onFault: (reason: string) => void;
}

type Claimed = JobWithMetadata<JobData>;

/**
 * Does the jobs of one queue, several at a time, by one look at the queue every two seconds or when woken. (A worker of pg-boss itself
 * looks once for each job at a time, and rests after each.)
 */
export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #running = new Map<Claimed, Promise<void>>();
  readonly #outage: FirstFault;
  readonly #loop: Promise<void>;
  #alarm = new AbortController();
  #stopping = false;

  /** Begins at once. */
  constructor(options: QueueWorkerOptions) {
    this.#options = options;
    const { onFault, topic } = options;
    this.#outage = new FirstFault((fault) => onFault(`queue ${topic} out of reach (${fault})`));
    this.#loop = this.#run();
  }

  /** Looks at the queue now. */
  wake(): void {
    this.#alarm.abort();
  }

  /** The ids of the jobs at hand. */
  atHand(): readonly string[] {
    return [...this.#running.keys()].map(({ id }) => id);
  }

  /** Touches the jobs at hand, where there are any: somebody is at work on them. Never rejects. */
  async touch(): Promise<void> {
    const { boss, topic } = this.#options;
    const jobs = [...this.#running.keys()];
    // Where the database is out of reach, the looks at the queue tell.
    if (jobs.length > 0) await boss.touch(topic, jobs).catch(() => undefined);
  }

  /** Takes up no more jobs; resolves when those at hand are done. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop;
    await Promise.all(this.#running.values());
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#alarm = new AbortController();
      const free = SLOTS - this.#running.size;
      const jobs = free === 0 ? [] : await this.#fetch(free);
      for (const job of jobs) this.#begin(job);
      // As many as were asked for: there may be more.
      if (free > 0 && jobs.length === free) continue;
      await setTimeout(POLL_MS, undefined, { signal: this.#alarm.signal }).catch(() => undefined);
    }
  }

  #fetch(batchSize: number): Promise<readonly Claimed[]> {
    const { boss, topic } = this.#options;
    return this.#outage.orElse(boss.fetch<JobData>(topic, { batchSize, includeMetadata: true }), []);
  }

  #begin(job: Claimed): void {
    const work = this.#perform(job).then(() => {
      const wasFull = this.#running.size === SLOTS;
      this.#running.delete(job);
      if (wasFull) this.wake();
    });
    this.#running.set(job, work);
  }

  /** Never rejects. A job whose end could not be told counts as lost. */
  async #perform(job: Claimed): Promise<void> {
    const { boss, topic, handle, onFault } = this.#options;
    const { data, retryCount, retryLimit } = job;
    try {
      const fault = await handle({ ...data, lastAttempt: retryCount >= retryLimit }).then(
        () => null,
        faultOf,
      );
      if (fault === null) {
        await boss.complete(topic, job);
      } else {
        onFault(`job of queue ${topic} failed at attempt ${String(retryCount + 1)} (${fault})`);
        await boss.fail(topic, job, { fault });
      }
    } catch (error) {
      onFault(`end of a job of queue ${topic} not recorded (${faultOf(error)})`);
    }
  }
}
