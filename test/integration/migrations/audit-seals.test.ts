import { expect } from 'chai';
import pg from 'pg';
import { MIGRATIONS } from '../../../migrations/index.ts';
import { createMigrator, type Migrator } from '../../../src/adapters/postgres/migrator.ts';
import { eventually } from '../../support/eventually.ts';
import { isCurrent } from '../../support/is-current.ts';
import { withClient } from '../../support/legacy-service.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';

const NAME = '0011_audit-seals';
const NAMES = Object.keys(MIGRATIONS);

const ADD_ENTRY = `INSERT INTO audit_entries (uuid, tenant_uuid, actor_kind, action, at, details)
  VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'system', 'test.done', now(), '{}')`;

describe('The migration that seals the audit trail', () => {
  let database: TestDatabase;
  let migrator: Migrator;

  beforeEach(async () => {
    database = await emptyDatabase();
    migrator = createMigrator({ directUrl: database.url });
    await migrator.up();
    await migrator.down(NAMES.length - NAMES.indexOf(NAME));
    await query(ADD_ENTRY);
  });
  afterEach(() => database.drop());

  const query = (text: string): Promise<readonly unknown[]> =>
    withClient(database.url, async (client) => (await client.query<object>(text)).rows);
  const plannedSteps = async () => (await migrator.plan()).filter(({ migration }) => migration === NAME);

  it('locks no entry and nobody who writes one, and leaves a head that names nothing', async () => {
    const [tables, ...indexes] = await plannedSteps();
    expect(tables?.lock).to.equal(null);
    expect(indexes).to.have.length(3);
    for (const { lock, sql, transactional } of indexes) {
      expect(lock).to.deep.equal({ mode: 'SHARE UPDATE EXCLUSIVE', table: 'audit_entries' });
      expect(transactional).to.equal(false);
      expect(sql).to.match(/^CREATE INDEX CONCURRENTLY/);
    }
    await migrator.up();
    expect(await query('SELECT number, mac FROM audit_head')).to.deep.equal([{ number: '0', mac: null }]);
    expect(await query('SELECT action FROM audit_entries')).to.deep.equal([{ action: 'test.done' }]);
  });

  it('waits for one who writes an entry, and lets others write meanwhile', async () => {
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query(`BEGIN; ${ADD_ENTRY}`);
    let begun = false;
    const migrated = migrator.up(({ sql }) => (begun ||= sql.includes('audit_entries_actor_at_idx')));
    await eventually(() => begun);
    for (let round = 0; round < 5; round += 1) {
      const asked = performance.now();
      await query(ADD_ENTRY);
      expect(performance.now() - asked).to.be.lessThan(1_000);
    }
    await holder.query('COMMIT');
    await holder.end();
    await migrated;
    expect(await isCurrent(database.url)).to.equal(true);
  });

  it('builds an index again of which building was cut short', async () => {
    await migrator.up();
    const index = 'audit_entries_subject_at_idx';
    await query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${index}'::regclass`);
    await query(`DELETE FROM casegate_migrations WHERE name >= '${NAME}'`);
    expect((await plannedSteps()).map(({ sql }) => sql.replace(/ ON .*/, ''))).to.deep.equal([
      `DROP INDEX CONCURRENTLY IF EXISTS ${index};`,
      `CREATE INDEX CONCURRENTLY ${index}`,
    ]);
    await migrator.up();
    expect(
      await query(`SELECT indisvalid FROM pg_index WHERE indexrelid = '${index}'::regclass`),
    ).to.deep.equal([{ indisvalid: true }]);
  });

  it('keeps seals and links as they are', async () => {
    await migrator.up();
    for (const table of ['audit_links', 'audit_seals']) {
      for (const statement of [`DELETE FROM ${table}`, `TRUNCATE ${table}`, `UPDATE ${table} SET mac = ''`]) {
        const refused = await query(statement).catch((error: unknown) => error);
        expect(refused, statement).to.have.property('message', `${table} is append-only`);
      }
    }
  });
});
