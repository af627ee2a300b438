import { expect } from 'chai';
import { MIGRATIONS } from '../../../migrations/index.ts';
import { createMigrator, type Migrator } from '../../../src/adapters/postgres/migrator.ts';
import { eventually } from '../../support/eventually.ts';
import { isCurrent } from '../../support/is-current.ts';
import { withClient } from '../../support/legacy-service.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';
import { mails, newMail, startJobProcess } from '../jobs/job-world.ts';

const NAME = '0013_recurring-jobs';
const NAMES = Object.keys(MIGRATIONS);

const QUEUES = `SELECT name, policy FROM casegate_jobs.queue WHERE name NOT IN ('dead', 'mail', 'mfa-reset', 'legacy-index') ORDER BY name`;
const INDEXES = `SELECT count(*)::integer AS found FROM pg_indexes WHERE indexname IN
  ('sessions_live_expires_at_idx', 'failure_counters_last_failed_at_idx', 'case_receipts_expires_at_idx')`;
const COMMENT = `SELECT obj_description('casegate_jobs'::regnamespace, 'pg_namespace') AS comment`;

describe('The migration for recurring jobs', () => {
  let database: TestDatabase;
  let migrator: Migrator;

  beforeEach(async () => {
    database = await emptyDatabase();
    migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
  });
  afterEach(() => database.drop());

  const query = (text: string): Promise<readonly unknown[]> =>
    withClient(database.url, async (client) => (await client.query<object>(text)).rows);

  /** Leaves the database as the version before had it. */
  const goBack = (): Promise<unknown> => migrator.down(NAMES.length - NAMES.indexOf(NAME));

  const plannedSteps = async () => (await migrator.plan()).filter(({ migration }) => migration === NAME);

  it('makes a queue each, which holds one job, and goes as it came, with jobs that wait', async () => {
    const queues = ['audit-seal', 'case-timers', 'purge'].map((name) => ({ name, policy: 'exclusive' }));
    expect(await query(QUEUES)).to.deep.equal(queues);
    await query(`INSERT INTO casegate_jobs.job (name, policy) VALUES ('purge', 'exclusive')`);
    await goBack();
    expect(await query(QUEUES)).to.deep.equal([]);
    expect(await query(INDEXES)).to.deep.equal([{ found: 0 }]);
    expect(await query(COMMENT)).to.deep.equal([
      { comment: 'Casegate: jobs, kept by pg-boss in version 46 of its schema' },
    ]);
    await migrator.up();
    expect(await query(QUEUES)).to.deep.equal(queues);
    expect(await query(INDEXES)).to.deep.equal([{ found: 3 }]);
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('lists only what is missing after it was cut short, and keeps nobody from writing', async () => {
    await goBack();
    const steps = await plannedSteps();
    const locked = (table: string) => ({ mode: 'SHARE UPDATE EXCLUSIVE', table });
    expect(steps.map(({ lock }) => lock)).to.deep.equal([
      null,
      ...['sessions', 'failure_counters', 'case_receipts'].map(locked),
    ]);
    for (const [index, { sql }] of steps.entries()) {
      expect(await plannedSteps()).to.deep.equal(steps.slice(index));
      await query(sql);
    }
    expect(await plannedSteps()).to.deep.equal([]);
    await migrator.up();
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('lets a process of the version before go on with its mails, after it and without it', async () => {
    await goBack();
    const former = await startJobProcess({ url: database.url, maintains: true });
    let done = 0;
    former.jobs.work(mails(() => Promise.resolve(void (done += 1))));
    await migrator.up();
    await former.enqueue(newMail());
    await goBack();
    await former.enqueue(newMail());
    await eventually(() => done === 2);
    await former.stop();
    expect(former.faults).to.deep.equal([]);
  });
});
