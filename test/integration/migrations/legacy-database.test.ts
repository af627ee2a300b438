import { expect } from 'chai';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { createMigrator } from '../../../src/adapters/postgres/migrator.ts';
import { eventually } from '../../support/eventually.ts';
import { legacyChecksum } from '../../support/legacy-checksum.ts';
import { legacyDefinition } from '../../support/legacy-definition.ts';
import { LegacyWriter, makeLegacyTables, withClient } from '../../support/legacy-service.ts';
import { isCurrent } from '../../support/is-current.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';

/** A transaction of somebody else that stays open. */
async function openTransaction(url: string, ...statements: readonly string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'nightly report' });
  client.on('error', () => undefined);
  await client.connect();
  for (const statement of statements) await client.query(statement);
  return client;
}

const indexIsValid = (url: string): Promise<boolean | null> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ indisvalid: boolean }>(
      `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('rn_requests_user_uuid_idx')`,
    );
    return rows[0]?.indisvalid ?? null;
  });

const failure = (promise: Promise<unknown>): Promise<Error | null> =>
  promise.then(
    () => null,
    (reason: unknown) => reason as Error,
  );

/** Milliseconds of a read that queues behind whoever waits for the table. */
async function readTime(url: string): Promise<number> {
  const start = performance.now();
  await withClient(url, (client) => client.query('SELECT * FROM rn_requests LIMIT 1'));
  return performance.now() - start;
}

/** Keeps an old snapshot, for which the builder of a concurrent index waits, without holding rn_requests. */
const SNAPSHOT = ['BEGIN ISOLATION LEVEL REPEATABLE READ', 'SELECT count(*) FROM nest_sessions'];

describe('Migrations of a live legacy database', () => {
  let database: TestDatabase;
  let writer: LegacyWriter;
  let checksum: string;

  beforeEach(async () => {
    database = await emptyDatabase();
    await makeLegacyTables(database.url);
    checksum = await legacyChecksum(database.url);
    writer = await LegacyWriter.start(database.url);
  });
  afterEach(async () => {
    await writer.stop();
    await database.drop();
  });

  async function expectLegacyUntouched(): Promise<void> {
    expect(writer.failures).to.deep.equal([]);
    expect(writer.statements).to.be.greaterThan(0);
    expect(writer.slowestMs).to.be.lessThan(1_000);
    expect(await legacyChecksum(database.url)).to.equal(checksum);
  }

  it('add one column and leave every value as it was', async () => {
    const before = await legacyDefinition(database.url);
    const migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
    await expectLegacyUntouched();
    expect(await indexIsValid(database.url)).to.equal(true);
    await migrator.down('all');
    await expectLegacyUntouched();
    expect(await legacyDefinition(database.url)).to.deep.equal(before);
    await migrator.up();
    await expectLegacyUntouched();
  });

  it('are planned with the locks that they take, and with what an operator should know', async () => {
    const migrator = createMigrator({ directUrl: database.url });
    const plan = await migrator.plan();
    const touching = plan.filter(({ lock }) => lock?.table === 'rn_requests');
    expect(touching.map(({ lock, transactional }) => [lock?.mode, transactional])).to.deep.equal([
      ['ACCESS EXCLUSIVE', true],
      ['SHARE ROW EXCLUSIVE', true],
      ['SHARE UPDATE EXCLUSIVE', false],
      ['SHARE UPDATE EXCLUSIVE', true],
    ]);
    expect(touching[0]?.note).to.contain('cached plan must not change result type');
    const ran: string[] = [];
    await migrator.up(({ sql }) => ran.push(sql));
    expect(ran).to.deep.equal(plan.map(({ sql }) => sql));
  });

  it('wait in short turns for a transaction that holds the table', async () => {
    const holder = await openTransaction(database.url, 'BEGIN', 'SELECT * FROM rn_requests LIMIT 1');
    const waits: string[] = [];
    const migrated = createMigrator({ directUrl: database.url }).up(({ waiting }) => {
      if (waiting !== null) waits.push(waiting);
    });
    await setTimeout(1_500);
    expect(waits).not.to.be.empty;
    await holder.query('COMMIT');
    await migrated;
    await holder.end();
    await expectLegacyUntouched();
  });

  it('wait for a vacuum without keeping anybody from reading and writing', async () => {
    const vacuum = ['BEGIN', 'LOCK TABLE rn_requests IN SHARE UPDATE EXCLUSIVE MODE'];
    const holder = await openTransaction(database.url, ...vacuum);
    const migrated = createMigrator({ directUrl: database.url }).up();
    await eventually(() =>
      withClient(database.url, async (client) => {
        const { rowCount } = await client.query(
          `SELECT FROM pg_locks WHERE relation = 'rn_requests'::regclass AND NOT granted AND mode = 'ShareUpdateExclusiveLock'`,
        );
        return rowCount === 1;
      }),
    );
    expect(await readTime(database.url)).to.be.lessThan(250);
    await holder.query('COMMIT');
    await migrated;
    await holder.end();
    await expectLegacyUntouched();
  });

  it('give up where somebody has written to the table and does not go on, and keep nobody waiting for longer than a lock', async () => {
    const update = `UPDATE rn_requests SET status = 'seen' WHERE uuid = (SELECT uuid FROM rn_requests WHERE user_id = 'u-1')`;
    const holder = await openTransaction(database.url, 'BEGIN', update);
    const migrator = createMigrator({ directUrl: database.url, lockBudgetMs: 1_500 });
    const error = await failure(migrator.up());
    expect(error?.message).to.match(/process \d+ \(nightly report\), idle in transaction for \d+ s/);
    expect(error?.message).not.to.contain('UPDATE');
    expect(writer.slowestMs).to.be.lessThan(1_000);
    await holder.query('ROLLBACK');
    await holder.end();
    await migrator.up();
    expect(await isCurrent(database.url)).to.equal(true);
    await expectLegacyUntouched();
  });

  it('tell for whom a concurrent step waits while it does', async () => {
    const holder = await openTransaction(database.url, ...SNAPSHOT);
    const waits: string[] = [];
    const migrated = createMigrator({ directUrl: database.url }).up(({ waiting }) => {
      if (waiting !== null) waits.push(waiting);
    });
    await eventually(() => waits.length > 0);
    await holder.end();
    await migrated;
    expect(waits[0]).to.match(/^until the transaction of process \d+ \(nightly report\) ends$/);
    await expectLegacyUntouched();
  });

  it('give up on a transaction that does not end, say who it is, and go on later', async () => {
    const holder = await openTransaction(database.url, 'BEGIN', 'SELECT * FROM rn_requests LIMIT 1');
    const migrator = createMigrator({ directUrl: database.url, lockBudgetMs: 700 });
    const error = await failure(migrator.up());
    expect(error?.name).to.equal('MigrationStuck');
    expect(error?.message).to.contain('nightly report').and.to.contain('migrate up');
    expect(await isCurrent(database.url)).to.equal(false);
    await expectLegacyUntouched();
    await holder.end();
    await migrator.up();
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('build the index again where its building was given up', async () => {
    const holder = await openTransaction(database.url, ...SNAPSHOT);
    const migrator = createMigrator({ directUrl: database.url, lockBudgetMs: 500 });
    expect((await failure(migrator.up()))?.name).to.equal('MigrationStuck');
    expect(await indexIsValid(database.url)).to.equal(false);
    await holder.end();
    expect((await migrator.plan())[0]?.sql).to.match(/^DROP INDEX CONCURRENTLY/);
    await migrator.up();
    expect(await indexIsValid(database.url)).to.equal(true);
    await expectLegacyUntouched();
  });

  it('go on after the migrator was killed while it built the index', async () => {
    const holder = await openTransaction(database.url, ...SNAPSHOT);
    const died = failure(createMigrator({ directUrl: database.url }).up());
    await withClient(database.url, async (client) => {
      await eventually(async () => {
        const { rowCount } = await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'casegate-migrate' AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'`,
        );
        return rowCount === 1;
      });
    });
    expect(await died).to.be.instanceOf(Error);
    expect(await indexIsValid(database.url)).to.equal(false);
    await holder.end();
    const migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
    expect(await indexIsValid(database.url)).to.equal(true);
    expect(await isCurrent(database.url)).to.equal(true);
    await expectLegacyUntouched();
  });

  it('are run once by four processes while one waits for the legacy service', async () => {
    const holder = await openTransaction(database.url, ...SNAPSHOT);
    const all = Promise.all([1, 2, 3, 4].map(() => createMigrator({ directUrl: database.url }).up()));
    await setTimeout(800);
    await holder.end();
    const names = (await all).flat().map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(await indexIsValid(database.url)).to.equal(true);
    await expectLegacyUntouched();
  });

  it('refuse a request table that has another column of that name', async () => {
    await withClient(database.url, (client) =>
      client.query('ALTER TABLE rn_requests ADD COLUMN user_uuid text'),
    );
    const error = await failure(createMigrator({ directUrl: database.url }).up());
    expect(error?.name).to.equal('MigrationRefused');
    expect(error?.message).to.contain('user_uuid');
  });
});
