import { expect } from 'chai';
import { MIGRATIONS } from '../../../migrations/index.ts';
import { MigrationFailed, MigrationsUnreadable } from '../../../src/adapters/postgres/migration-failed.ts';
import { createMigrator } from '../../../src/adapters/postgres/migrator.ts';
import { isStartRefusal } from '../../../src/main/start-refusal.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { withClient } from '../../support/legacy-service.ts';
import { isCurrent } from '../../support/is-current.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';

const NAMES = Object.keys(MIGRATIONS);

const publicTables = (url: string): Promise<readonly string[]> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
    );
    return rows.map(({ relname }) => relname);
  });

const run = (url: string, text: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(text)).rows);

describe('Migrations of an empty database', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await emptyDatabase();
  });
  afterEach(() => database.drop());

  it('are run in order, told by status, undone and run again', async () => {
    const migrator = createMigrator({ directUrl: database.url });
    expect(await isCurrent(database.url)).to.equal(false);

    expect((await migrator.up()).map(({ name }) => name)).to.deep.equal(NAMES);
    const status = await migrator.status();
    expect(status.map(({ name }) => name)).to.deep.equal(NAMES);
    expect(status.every(({ appliedAt, known }) => appliedAt instanceof Date && known)).to.equal(true);
    expect(await isCurrent(database.url)).to.equal(true);
    expect(await migrator.plan()).to.deep.equal([]);
    expect(await migrator.up()).to.deep.equal([]);

    const undone = await migrator.down('all');
    expect(undone.map(({ name }) => name)).to.deep.equal(NAMES.toReversed());
    expect(await publicTables(database.url)).to.deep.equal([]);

    await migrator.up();
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('are undone one at a time unless told otherwise', async () => {
    const migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
    expect(await migrator.down()).to.deep.equal([{ name: NAMES.at(-1), direction: 'down' }]);
    expect(await migrator.down(2)).to.have.length(2);
    const left = (await migrator.status()).filter(({ appliedAt }) => appliedAt !== null);
    expect(left.map(({ name }) => name)).to.deep.equal(NAMES.slice(0, -3));
  });

  it('are planned in the very text that is run', async () => {
    const migrator = createMigrator({ directUrl: database.url });
    const planned = (await migrator.plan()).map(({ sql }) => sql);
    expect(await publicTables(database.url), 'plan reads only').to.deep.equal([]);
    const ran: string[] = [];
    await migrator.up(({ sql }) => ran.push(sql));
    expect(ran).to.deep.equal(planned);
  });

  it('make the legacy tables, the tenant default, and constraints that hold', async () => {
    await createMigrator({ directUrl: database.url }).up();
    expect(await publicTables(database.url)).to.include.members([
      'rn_requests',
      'nest_sessions',
      'check_user_log',
    ]);
    expect(await run(database.url, 'SELECT slug, name FROM tenants')).to.deep.equal([
      { slug: 'default', name: 'Default' },
    ]);
    const unnamedOrUnchecked = await run(
      database.url,
      `SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND NOT convalidated`,
    );
    expect(unnamedOrUnchecked).to.deep.equal([]);
  });

  it('keep the tables in the legacy shape when undone, where they hold rows by then', async () => {
    const migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
    await run(database.url, `INSERT INTO rn_requests (user_id, vendor_id) VALUES ('7', 'direct')`);
    await migrator.down('all');
    expect(await publicTables(database.url)).to.deep.equal(['rn_requests']);
    const rows = await run(database.url, 'SELECT * FROM rn_requests');
    expect(rows).to.have.length(1);
    expect(rows[0]).not.to.have.property('user_uuid');
    await migrator.up();
    expect(await run(database.url, 'SELECT user_id, user_uuid FROM rn_requests')).to.deep.equal([
      { user_id: '7', user_uuid: null },
    ]);
  });

  it('are run by one of four processes that start at once, and the others see them done', async () => {
    const applied = await Promise.all(
      [1, 2, 3, 4].map(() => createMigrator({ directUrl: database.url }).up()),
    );
    expect(applied.flat().map(({ name }) => name)).to.deep.equal(NAMES);
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('refuse to build upon a table of somebody else that has a name of theirs', async () => {
    await run(database.url, 'CREATE TABLE users (id serial PRIMARY KEY)');
    const migrator = createMigrator({ directUrl: database.url });
    const error = await migrator.up().then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    expect(error?.name).to.equal('MigrationRefused');
    expect(error?.message).to.contain('"users"');
    expect(await publicTables(database.url)).not.to.include('tenants');
  });

  it('are said to have failed where they were run, and to be unreadable where they were only looked at', async () => {
    await run(database.url, 'CREATE TABLE casegate_migrations (something text)');
    const migrator = createMigrator({ directUrl: database.url });
    for (const looked of [migrator.status(), migrator.plan()]) {
      const unreadable = await failureOf(looked);
      expect(unreadable).to.be.instanceOf(MigrationsUnreadable);
      expect(isStartRefusal(unreadable)).to.equal(true);
      expect(String(unreadable)).to.contain('(42703)').and.not.to.contain('failed');
    }
    for (const ran of [migrator.up(), migrator.down()]) {
      expect(await failureOf(ran)).to.be.instanceOf(MigrationFailed);
    }
  });

  it('leave a database alone that a newer version has migrated further', async () => {
    const migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
    await run(
      database.url,
      `INSERT INTO casegate_migrations VALUES ('9999_of-tomorrow', '2030-01-01T00:00:00Z')`,
    );
    expect(await migrator.up()).to.deep.equal([]);
    expect(await isCurrent(database.url)).to.equal(true);
    expect((await migrator.status()).at(-1)).to.include({ name: '9999_of-tomorrow', known: false });
  });
});
