import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { JobAttempt, JobHandler } from '../../../src/adapters/jobs/queue-worker.ts';
import { inTransaction } from '../../../src/adapters/postgres/in-transaction.ts';
import { eventually } from '../../support/eventually.ts';
import { withClient } from '../../support/legacy-service.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import {
  hasten,
  jobRows,
  loseWorkerOf,
  mails,
  newMail,
  startJobProcess,
  type JobProcess,
  type JobProcessOptions,
} from './job-world.ts';

describe('Jobs on pg-boss', () => {
  let database: TestDatabase;
  let running: JobProcess[];

  before(async () => {
    database = await freshDatabase();
  });
  after(() => database.drop());
  beforeEach(() => {
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((process) => process.stop()));
    await withClient(database.url, (client) => client.query('DELETE FROM casegate_jobs.job'));
  });

  async function start(options: Omit<JobProcessOptions, 'url'> = {}): Promise<JobProcess> {
    const process = await startJobProcess({ url: database.url, ...options });
    running.push(process);
    return process;
  }

  /** A process whose handler of mails only remembers them, and how it failed before that. */
  async function startWorker(
    options: Omit<JobProcessOptions, 'url'> = {},
    handle: JobHandler = () => Promise.resolve(),
  ): Promise<JobProcess & { readonly done: readonly JobAttempt[] }> {
    const process = await start(options);
    const done: JobAttempt[] = [];
    process.jobs.work(
      mails(async (job) => {
        done.push(job);
        await handle(job);
      }),
    );
    return { ...process, done };
  }

  const states = async (): Promise<readonly string[]> =>
    (await jobRows(database.url)).map(({ queue, state }) => `${queue} ${state}`);

  describe('enqueued', () => {
    it('exist exactly when their transaction is committed, and carry ids only', async () => {
      const { database: opened, enqueue, jobs } = await start();
      const undone = await inTransaction(opened.kysely, async (statements) => {
        await jobs.enqueue(statements, newMail());
        throw new RangeError('undone');
      }).catch((error: unknown) => error);
      expect(undone).to.be.instanceOf(RangeError);
      expect(await jobRows(database.url)).to.deep.equal([]);

      const mail = newMail();
      await enqueue(mail);
      const rows = await jobRows(database.url);
      expect(rows.map(({ data }) => data)).to.deep.equal([
        { tenantId: mail.tenantId, outboxId: mail.outboxId },
      ]);
    });

    it('wait until they are due', async () => {
      const { enqueue } = await start();
      const { done } = await startWorker();
      const now = Date.now();
      await enqueue(newMail({ topic: 'mfa-reset', dueAt: new Date(now + 86_400_000) }));
      await enqueue(newMail({ dueAt: new Date(now + 1_500) }));
      await delay(1_000);
      expect(done).to.deep.equal([]);
      await eventually(() => done.length === 1, 3_000);
      const later = (await jobRows(database.url)).find(({ queue }) => queue === 'mfa-reset');
      expect(later?.wait).to.be.within(86_300, 86_400);
    });

    it('ask nothing of the pool beyond the connection of their transaction', async () => {
      const { enqueue, scripts } = await start();
      const before = scripts();
      await enqueue(newMail(), newMail({ topic: 'mfa-reset' }));
      expect(scripts()).to.equal(before);
    });
  });

  describe('delivered', () => {
    for (const prepared of [true, false]) {
      it(`within a second of COMMIT where NOTIFY wakes the worker, ${prepared ? 'with' : 'without'} named statements`, async () => {
        const { done, faults } = await startWorker({ prepared });
        const { enqueue } = await start({ listens: false, prepared });
        await delay(300);
        const mail = newMail();
        await enqueue(mail);
        const committed = performance.now();
        await eventually(() => done.length === 1, 2_000);
        expect(performance.now() - committed).to.be.lessThan(1_000);
        expect(done).to.deep.equal([
          { tenantId: mail.tenantId, outboxId: mail.outboxId, lastAttempt: false },
        ]);
        await eventually(async () => (await states()).join() === 'mail completed');
        expect(faults).to.deep.equal([]);
      });
    }

    it('by polling where no notification comes through, at a small price while nothing is to be done', async () => {
      const { done, enqueue, scripts } = await startWorker({ listens: false });
      await delay(100);
      const before = scripts();
      await delay(2_200);
      expect(scripts() - before, 'in 2 s one look a queue, and one for lost jobs').to.be.within(1, 4);
      await enqueue(newMail());
      await eventually(() => done.length === 1, 3_000);
    });

    it('beside one that takes long, and many at once', async () => {
      const slow = newMail();
      const { promise: finished, resolve: finish } = Promise.withResolvers<undefined>();
      const { done, enqueue } = await startWorker({}, (job) =>
        job.outboxId === slow.outboxId ? finished : delay(20),
      );
      await enqueue(slow);
      await eventually(() => done.length === 1);
      await enqueue(...Array.from({ length: 30 }, () => newMail()));
      await eventually(() => done.length === 31, 1_500);
      finish(undefined);
      await eventually(async () => (await states()).every((state) => state === 'mail completed'));
    });

    it('to one of two workers each', async () => {
      const [first, second] = [await startWorker({}, () => delay(5)), await startWorker({}, () => delay(5))];
      const jobs = Array.from({ length: 40 }, () => newMail());
      await Promise.all(jobs.map((job) => first.enqueue(job)));
      await eventually(() => first.done.length + second.done.length >= jobs.length);
      await delay(100);
      const ids = [...first.done, ...second.done].map(({ outboxId }) => outboxId);
      expect(ids.toSorted()).to.deep.equal(jobs.map(({ outboxId }) => outboxId).toSorted());
    });
  });

  describe('that fail', () => {
    it('are tried again after a while, longer each time, until they succeed', async () => {
      let attempts = 0;
      const { done, enqueue, jobs } = await startWorker({}, () => {
        attempts += 1;
        return attempts < 3 ? Promise.reject(new Error('not now')) : Promise.resolve();
      });
      await enqueue(newMail());
      for (const [attempt, atLeast, atMost] of [
        [1, 1, 4],
        [2, 3, 8],
      ] as const) {
        await eventually(async () => done.length === attempt && (await states()).join() === 'mail retry');
        const [row] = await jobRows(database.url);
        expect(row?.wait).to.be.within(atLeast, atMost);
        await hasten(database.url);
        jobs.wake();
      }
      await eventually(async () => (await states()).join() === 'mail completed');
      expect(done.map(({ lastAttempt }) => lastAttempt)).to.deep.equal([false, false, false]);
    });

    it('at the last attempt, which knows that it is, stay in the queue "dead", with nothing personal', async () => {
      const { done, enqueue, faults, jobs } = await startWorker({}, () =>
        Promise.reject(new TypeError('550 no mailbox dana@example.com')),
      );
      const mail = newMail();
      await enqueue(mail);
      await eventually(async () => (await states()).join() === 'mail retry');
      await withClient(database.url, (client) =>
        client.query('UPDATE casegate_jobs.job SET retry_count = retry_limit - 1'),
      );
      await hasten(database.url);
      jobs.wake();
      await eventually(async () => (await states()).length === 2);
      expect(done.map(({ lastAttempt }) => lastAttempt)).to.deep.equal([false, true]);
      const rows = await jobRows(database.url);
      expect(rows.map(({ queue, state }) => `${queue} ${state}`)).to.have.members([
        'mail failed',
        'dead created',
      ]);
      expect(rows.map(({ data }) => data.outboxId)).to.deep.equal([mail.outboxId, mail.outboxId]);
      expect(rows.map(({ text }) => text).join())
        .to.contain('TypeError')
        .and.not.to.contain('dana');
      expect(faults).to.deep.equal([
        'job of queue mail failed at attempt 1 (TypeError)',
        'job of queue mail failed at attempt 20 (TypeError)',
      ]);
    });

    it('by taking more than a minute are done by another worker, and the slow one ends nothing any more', async () => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<undefined>();
      const slow = await startWorker({}, () => finished);
      await slow.enqueue(newMail());
      await eventually(() => slow.done.length === 1);
      await withClient(database.url, (client) =>
        client.query(`UPDATE casegate_jobs.job SET started_on = started_on - interval '61 seconds'`),
      );
      await start({ maintains: true });
      await eventually(async () => (await states()).join() === 'mail retry');
      finish(undefined);
      await slow.jobs.stop();
      expect(await states()).to.deep.equal(['mail retry']);

      const { done, jobs } = await startWorker();
      await hasten(database.url);
      jobs.wake();
      await eventually(async () => (await states()).join() === 'mail completed');
      expect(done).to.have.length(1);
    });
  });

  describe('whose worker is gone', () => {
    /** Enqueues a mail and loses its worker. */
    async function lose(
      ...[silentSeconds, attempt]: [silentSeconds: number, attempt?: number]
    ): Promise<string> {
      const { enqueue, stop } = await startJobProcess({ url: database.url, listens: false });
      const mail = newMail();
      await enqueue(mail);
      await loseWorkerOf(database.url, mail, silentSeconds, attempt);
      await stop();
      return mail.outboxId;
    }

    it('are done within five seconds by one that knows itself alone', async () => {
      const lost = await lose(0);
      const { done, faults } = await startWorker();
      await eventually(() => done.length === 1, 5_000);
      expect(done[0]).to.include({ outboxId: lost, lastAttempt: false });
      await eventually(async () => (await states()).join() === 'mail completed');
      expect(faults).to.deep.equal(['jobs of lost workers taken up again: 1']);
    });

    it('are done when nobody has touched them for ten seconds where there are other workers', async () => {
      await start();
      const [young, old] = [await lose(4), await lose(10)];
      const { done } = await startWorker();
      await eventually(() => done.length === 1, 4_500);
      expect(done[0]).to.include({ outboxId: old });
      const waiting = (await jobRows(database.url)).find(({ data }) => data.outboxId === young);
      expect(waiting).to.include({ state: 'active' });
    });

    it('are left to it where it only seems to be: it is slow, and not heard of', async () => {
      const slow = await startWorker({ listens: false }, () => delay(4_500));
      await slow.enqueue(newMail());
      slow.jobs.wake();
      await eventually(() => slow.done.length === 1);
      const other = await startWorker();
      await eventually(async () => (await states()).join() === 'mail completed');
      expect([slow.done.length, other.done.length]).to.deep.equal([1, 0]);
      expect(slow.faults).to.deep.equal([]);
    });

    it('at the last attempt are given one more, and no further one', async () => {
      const again = await lose(3, 20);
      const overAndOver = await lose(3, 21);
      const { done } = await startWorker();
      await eventually(() => done.length === 1, 4_000);
      expect(done[0]).to.include({ outboxId: again, lastAttempt: true });
      const left = (await jobRows(database.url)).find(({ data }) => data.outboxId === overAndOver);
      expect(left).to.include({ state: 'active' });
    });
  });

  describe('told to stop', () => {
    it('are finished first, and leave no timer behind', async () => {
      const timers = (): number =>
        process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
      expect(await states()).to.deep.equal([]);
      const before = timers();
      const worker = await startWorker({ maintains: true }, () => delay(200));
      await worker.enqueue(newMail());
      await eventually(() => worker.done.length === 1);
      await worker.stop();
      expect(await states()).to.deep.equal(['mail completed']);
      expect(timers()).to.be.at.most(before);
    });
  });
});
