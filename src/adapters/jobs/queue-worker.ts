import { setTimeout } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { OutboxTopic } from '../../application/ports/stores/outbox.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { faultOf } from './fault-of.ts';

/** Milliseconds between looks at the queue where nothing wakes the worker. */
const POLL_MS = 2_000;
/** Jobs of a queue that a process does at a time: one that waits for a slow host holds nobody else up. */
const SLOTS = 5;

/** What a job carries: ids only, whatever else it needs is in the outbox. */
export interface OutboxJob {
  readonly tenantId: TenantId;
  readonly outboxId: string;
}

/**
 * Does a job; it is done when the promise resolves. A job may be done again though it was done (its worker was killed in between). It
 * has to end within a minute: after that it counts as lost, and is done elsewhere.
 *
 * @throws where another attempt shall be made, after a while
 */
export type JobHandler = (
  job: OutboxJob & {
    /** Whether the job goes to the queue `dead` if it fails this time. */
    readonly lastAttempt: boolean;
  },
) => Promise<void>;

/** What a worker of one queue needs. */
export interface QueueWorkerOptions {
  readonly boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail'>;
  readonly topic: OutboxTopic;
  readonly handle: JobHandler;
  /** Told of what fails, in words without anything personal. */
  readonly onFault: (reason: string) => void;
}

type Claimed = JobWithMetadata<OutboxJob>;

/**
 * Does the jobs of one queue, several at a time, by one look at the queue every two seconds or when woken. (A worker of pg-boss itself
 * looks once for each job at a time, and rests after each.)
 */
export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  #alarm = new AbortController();
  #stopping = false;
  #failing = false;

  /** Begins at once. */
  constructor(options: QueueWorkerOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** Looks at the queue now. */
  wake(): void {
    this.#alarm.abort();
  }

  /** Takes up no more jobs; resolves when those at hand are done. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop;
    await Promise.all(this.#running);
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

  async #fetch(batchSize: number): Promise<readonly Claimed[]> {
    const { boss, topic, onFault } = this.#options;
    try {
      const jobs = await boss.fetch<OutboxJob>(topic, { batchSize, includeMetadata: true });
      this.#failing = false;
      return jobs;
    } catch (error) {
      // Once an outage: it is tried again every two seconds.
      if (!this.#failing) onFault(`queue ${topic} out of reach (${faultOf(error)})`);
      this.#failing = true;
      return [];
    }
  }

  #begin(job: Claimed): void {
    const work = this.#perform(job).then(() => {
      const wasFull = this.#running.size === SLOTS;
      this.#running.delete(work);
      if (wasFull) this.wake();
    });
    this.#running.add(work);
  }

  /** Never rejects. A job whose end could not be told is done again when its time is up. */
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
