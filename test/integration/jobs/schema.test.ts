import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { PgBoss } from 'pg-boss';
import { JobQueueUnfit } from '../../../src/adapters/jobs/pg-boss-jobs.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import { createMigrator } from '../../../src/adapters/postgres/migrator.ts';
import { withClient } from '../../support/legacy-service.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { newMail, startJobProcess } from './job-world.ts';

const NAME = '0009_jobs';
/** Of the text that this migration had when it was released. */
const DIGEST = '230fe89a352e8615c34130680a9121e848102ab0d63a8d890d4a289e548606b6';

const run = (url: string, text: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);

const SCHEMAS = `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'casegate%'`;

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('The schema of the job queue', () => {
  let database: TestDatabase;

  afterEach(() => database.drop());

  it('is made by the very text that was released: another version of pg-boss needs another migration', async () => {
    database = await emptyDatabase();
    const planned = (await createMigrator({ directUrl: database.url }).plan()).filter(
      ({ migration }) => migration === NAME,
    );
    expect(planned).to.have.length(1);
    expect(planned[0]?.sql)
      .to.contain('CREATE SCHEMA')
      .and.not.to.match(/^\s*(BEGIN|COMMIT);/m);
    expect(
      createHash('sha256')
        .update(planned[0]?.sql ?? '')
        .digest('hex'),
    ).to.equal(DIGEST);
  });

  it('is what the installed pg-boss expects', async () => {
    database = await freshDatabase();
    const { close, runScript } = openDatabase({ url: database.url, prepared: true });
    const boss = new PgBoss({
      db: { executeSql: async (...script) => ({ rows: [...(await runScript(...script))] }) },
      schema: 'casegate_jobs',
    });
    expect(await boss.detectSchemaDrift()).to.include({ ok: true });
    await close();
  });

  it('goes with its jobs when undone, and comes again', async () => {
    database = await freshDatabase();
    const { enqueue, stop } = await startJobProcess({ url: database.url, listens: false });
    await enqueue(newMail());
    await stop();
    const migrator = createMigrator({ directUrl: database.url });
    const undone = async (): Promise<boolean> => (await run(database.url, SCHEMAS)).length === 0;
    while (!(await undone())) await migrator.down();
    await migrator.up();
    expect(await run(database.url, 'SELECT count(*)::integer AS jobs FROM casegate_jobs.job')).to.deep.equal([
      { jobs: 0 },
    ]);
  });

  it("is not built upon somebody else's", async () => {
    database = await emptyDatabase();
    await run(database.url, 'CREATE SCHEMA casegate_jobs');
    const migrator = createMigrator({ directUrl: database.url });
    expect(await rejection(migrator.up())).to.include({ name: 'MigrationRefused' });
    await migrator.down('all');
    expect(await run(database.url, SCHEMAS)).to.deep.equal([{ nspname: 'casegate_jobs' }]);
  });

  it('is refused in words to a role that may not make schemas', async () => {
    database = await emptyDatabase();
    const role = `builder_${randomBytes(4).toString('hex')}`;
    await run(
      database.url,
      `CREATE ROLE ${role} LOGIN PASSWORD 'builder'; GRANT CREATE ON SCHEMA public TO ${role}`,
    );
    const directUrl = Object.assign(new URL(database.url), { username: role, password: 'builder' }).href;
    try {
      const refusal = await rejection(createMigrator({ directUrl }).up());
      expect(refusal).to.include({ name: 'MigrationRefused' });
      expect((refusal as Error).message).to.contain('GRANT CREATE ON DATABASE');
    } finally {
      await run(database.url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('is refused when a newer release has taken it further', async () => {
    database = await freshDatabase();
    await run(database.url, 'UPDATE casegate_jobs.version SET version = version + 1');
    expect(await rejection(startJobProcess({ url: database.url, listens: false }))).to.be.instanceOf(
      JobQueueUnfit,
    );
  });
});
