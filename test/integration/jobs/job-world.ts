import { randomUUID } from 'node:crypto';
import { PgBossJobs } from '../../../src/adapters/jobs/pg-boss-jobs.ts';
import type { JobHandler } from '../../../src/adapters/jobs/queue-worker.ts';
import { JOBS_CHANNEL } from '../../../src/adapters/postgres/channels.ts';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { inTransaction } from '../../../src/adapters/postgres/in-transaction.ts';
import { NotificationFeed } from '../../../src/adapters/postgres/notification-feed.ts';
import type { OutboxJob } from '../../../src/application/ports/stores/outbox.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { withClient } from '../../support/legacy-service.ts';

/** One process, as far as jobs are concerned. */
export interface JobProcess {
  readonly jobs: PgBossJobs;
  readonly database: PostgresDatabase;
  readonly faults: readonly string[];
  /** How many scripts of pg-boss ran on the pool. */
  readonly scripts: () => number;
  /** Enqueues jobs in one transaction of their own. */
  readonly enqueue: (...jobs: readonly OutboxJob[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** How the process is set up. */
export interface JobProcessOptions {
  readonly url: string;
  /** Whether it hears of jobs by NOTIFY, and workers of others hear of its own, rather than by polling only. */
  readonly listens?: boolean;
  /** Whether it ends attempts that take too long and removes old jobs, looking each second. */
  readonly maintains?: boolean;
  readonly prepared?: boolean;
}

/** A row of pg-boss's table of jobs, with what the tests look at. */
export interface JobRow {
  readonly queue: string;
  readonly state: string;
  readonly data: { readonly tenantId: string; readonly outboxId: string };
  /** Seconds until it may be taken up. */
  readonly wait: number;
  readonly text: string;
}

const ROWS = `SELECT name AS queue, state::text, data, extract(epoch FROM start_after - now())::float8 AS wait, to_jsonb(job)::text AS text
FROM casegate_jobs.job ORDER BY created_on, name`;

/** Every job that is kept, of whatever queue. */
export const jobRows = (url: string): Promise<readonly JobRow[]> =>
  withClient(url, async (client) => (await client.query<JobRow>(ROWS)).rows);

/** Makes each job that waits for its next attempt due. */
export const hasten = (url: string): Promise<unknown> =>
  withClient(url, (client) =>
    client.query(`UPDATE casegate_jobs.job SET start_after = now() WHERE state = 'retry'`),
  );

/** Makes the job one that a worker claimed, last touched so many seconds ago, and was killed with, at its attempt of that number. */
export const loseWorkerOf = (
  url: string,
  { outboxId }: Pick<OutboxJob, 'outboxId'>,
  silentSeconds: number,
  attempt = 1,
): Promise<unknown> =>
  withClient(url, (client) =>
    client.query(
      `UPDATE casegate_jobs.job SET state = 'active', started_on = now(), heartbeat_on = now() - $2 * interval '1 s', retry_count = $3
WHERE data ->> 'outboxId' = $1`,
      [outboxId, silentSeconds, attempt - 1],
    ),
  );

/** A mail that is due at once. */
export const newMail = (changes: Partial<OutboxJob> = {}): OutboxJob => ({
  topic: 'mail',
  tenantId: DEFAULT_TENANT_ID,
  outboxId: randomUUID(),
  dueAt: new Date(),
  ...changes,
});

/** Starts what a process of Casegate has of the queue, without handlers. */
export async function startJobProcess(options: JobProcessOptions): Promise<JobProcess> {
  const { url, listens = true, maintains = false, prepared = true } = options;
  const faults: string[] = [];
  let scripts = 0;
  const database = openDatabase({ url, prepared });
  const jobs = new PgBossJobs({
    runScript: (...script) => {
      scripts += 1;
      return database.runScript(...script);
    },
    clock: { now: () => new Date() },
    channel: JOBS_CHANNEL,
    maintains,
    monitorSeconds: 1,
    onFault: (reason) => faults.push(reason),
  });
  const wake = () => jobs.wake();
  const feed = new NotificationFeed({
    url,
    channels: [JOBS_CHANNEL],
    onNotification: wake,
    onListening: async (query) => {
      await jobs.announce(query);
      wake();
    },
  });
  await jobs.start();
  if (listens) await feed.start();
  return {
    jobs,
    database,
    faults,
    scripts: () => scripts,
    enqueue: (...enqueued) =>
      inTransaction(database.kysely, async (statements) => {
        for (const job of enqueued) await jobs.enqueue(statements, job);
      }),
    stop: async () => {
      await jobs.stop();
      await feed.stop();
      await database.close();
    },
  };
}

/** Handlers of which that of mails is the given one. */
export const mails = (handle: JobHandler): Readonly<Record<OutboxJob['topic'], JobHandler>> => ({
  mail: handle,
  'mfa-reset': () => Promise.reject(new Error('A job of another queue.')),
});
