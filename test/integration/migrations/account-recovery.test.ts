import { expect } from 'chai';
import pg from 'pg';
import { MIGRATIONS } from '../../../migrations/index.ts';
import { createMigrator, type Migrator } from '../../../src/adapters/postgres/migrator.ts';
import { eventually } from '../../support/eventually.ts';
import { isCurrent } from '../../support/is-current.ts';
import { withClient } from '../../support/legacy-service.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';

const NAME = '0008_account-recovery';
const NAMES = Object.keys(MIGRATIONS);

const DANA = `INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
  VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'dana@example.org', 'patient', 'en', now(), now())`;

describe('The migration for the recovery of accounts', () => {
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

  /** Leaves the database as the version before had it, with an account. */
  async function goBack(): Promise<void> {
    await migrator.down(NAMES.length - NAMES.indexOf(NAME));
    await query(DANA);
  }

  const plannedSteps = async () => (await migrator.plan()).filter(({ migration }) => migration === NAME);

  it('takes no account for one whose registration waits, and comes as it went', async () => {
    await goBack();
    await migrator.up();
    expect(await query('SELECT email, registration_pending FROM users')).to.deep.equal([
      { email: 'dana@example.org', registration_pending: false },
    ]);
    await migrator.down('all');
    await migrator.up();
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('lists only what is missing after it was cut short', async () => {
    await goBack();
    const [addColumn, makeTables, ...others] = await plannedSteps();
    expect(others).to.deep.equal([]);
    await query(addColumn!.sql);
    expect(await plannedSteps()).to.deep.equal([makeTables]);
    await query(makeTables!.sql);
    expect(await plannedSteps()).to.deep.equal([]);
    await migrator.up();
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('waits in short turns for one who holds accounts, and lets others pass meanwhile', async () => {
    await goBack();
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN; UPDATE users SET version = version + 1');
    const waits: string[] = [];
    const migrated = migrator.up(({ waiting }) => {
      if (waiting !== null) waits.push(waiting);
    });
    await eventually(() => waits.length > 0);
    for (let round = 0; round < 5; round += 1) {
      const asked = performance.now();
      await query('SELECT email FROM users');
      expect(performance.now() - asked).to.be.lessThan(1_000);
    }
    await holder.query('COMMIT');
    await holder.end();
    await migrated;
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('tells the locks that it takes on accounts', async () => {
    await goBack();
    expect((await plannedSteps()).map(({ lock }) => lock)).to.deep.equal([
      { mode: 'ACCESS EXCLUSIVE', table: 'users' },
      { mode: 'SHARE ROW EXCLUSIVE', table: 'users' },
    ]);
  });
});
