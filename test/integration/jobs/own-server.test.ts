import { expect } from 'chai';
import { createMigrator } from '../../../src/adapters/postgres/migrator.ts';
import { eventually } from '../../support/eventually.ts';
import { withClient } from '../../support/legacy-service.ts';
import { startRestartablePostgres, type RestartablePostgres } from '../../support/restartable-postgres.ts';
import { type JobProcess, jobRows, loseWorkerOf, mails, newMail, startJobProcess } from './job-world.ts';

describe('Jobs on a server of their own', () => {
  let server: RestartablePostgres;

  before(async function () {
    this.timeout(60_000);
    server = await startRestartablePostgres();
    await createMigrator({ directUrl: server.url }).up();
  });
  afterEach(async () => {
    for (const { stop } of started.splice(0)) await stop();
  });
  after(() => server.stop());

  const started: JobProcess[] = [];
  const start = async (options: Parameters<typeof startJobProcess>[0]): Promise<JobProcess> => {
    const process = await startJobProcess(options);
    started.push(process);
    return process;
  };

  it('are enqueued, done and looked after by a role that owns nothing, with the granted rights only', async () => {
    await withClient(server.url, (client) => client.query(`CREATE ROLE clerk LOGIN PASSWORD 'clerk'`));
    const url = Object.assign(new URL(server.url), { username: 'clerk', password: 'clerk' }).href;
    const migrator = createMigrator({ directUrl: url, ownerUrl: server.url });
    await migrator.up();
    expect(await migrator.plan()).to.deep.equal([]);

    const { enqueue, faults, jobs, stop } = await start({ url, maintains: true });
    const [good, lost] = [newMail(), newMail()];
    await enqueue(lost);
    await loseWorkerOf(server.url, lost, 10);
    let runs = 0;
    const purge = { intervalSeconds: 1, run: () => Promise.resolve(void (runs += 1)) };
    jobs.work(
      mails(({ outboxId }) =>
        [good, lost].some((mail) => mail.outboxId === outboxId)
          ? Promise.resolve()
          : Promise.reject(new Error()),
      ),
      { purge },
    );
    await enqueue(good, newMail());
    const lookedAfter = async (): Promise<boolean> => {
      const { rows } = await withClient(server.url, (client) =>
        client.query<{ all: boolean }>(
          'SELECT bool_and(monitor_on IS NOT NULL AND maintain_on IS NOT NULL) AS all FROM casegate_jobs.queue',
        ),
      );
      return rows[0]?.all ?? false;
    };
    await eventually(lookedAfter);
    const states = async (): Promise<string> =>
      (await jobRows(server.url))
        .filter(({ queue }) => queue === 'mail')
        .map(({ state }) => state)
        .toSorted()
        .join();
    await eventually(async () => (await states()) === 'completed,completed,retry');
    await eventually(() => runs >= 2);
    await stop();
    expect(faults).to.deep.equal([
      'job of queue mail failed at attempt 1 (Error)',
      'jobs of lost workers taken up again: 1',
    ]);

    const refused = await withClient(url, (client) =>
      client.query('DROP TABLE casegate_jobs.job').catch((error: unknown) => error),
    );
    expect(refused).to.include({ code: '42501' });
  });

  it('outlive the end of the server, and are done when it is back', async function () {
    this.timeout(60_000);
    const { enqueue, faults, jobs, stop } = await start({ url: server.url, maintains: true });
    const done: string[] = [];
    let runs = 0;
    const purge = { intervalSeconds: 1, run: () => Promise.resolve(void (runs += 1)) };
    jobs.work(
      mails(({ outboxId }) => Promise.resolve(void done.push(outboxId))),
      { purge },
    );
    await server.restart('SIGKILL');
    await eventually(() => faults.length > 0);
    const mail = newMail();
    await eventually(() =>
      enqueue(mail).then(
        () => true,
        () => false,
      ),
    );
    await eventually(() => done.includes(mail.outboxId), 3_000);
    const before = runs;
    await eventually(() => runs > before);
    await stop();
  });
});
