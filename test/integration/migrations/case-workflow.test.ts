import { expect } from 'chai';
import { caseWorkflow } from '../../../migrations/0010_case-workflow.ts';
import { MIGRATIONS } from '../../../migrations/index.ts';
import type { MigrationStep } from '../../../migrations/migration.ts';
import { createMigrator, type Migrator } from '../../../src/adapters/postgres/migrator.ts';
import { answer, claim, start } from '../../../src/domain/cases/workflow.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { free, newAct, plantCase, plantPatient, plantStep } from '../../contracts/stores/case-fixtures.ts';
import { at, plantPhysician } from '../../contracts/stores/fixtures.ts';
import { isCurrent } from '../../support/is-current.ts';
import { withClient } from '../../support/legacy-service.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const NAME = '0010_case-workflow';
const NAMES = Object.keys(MIGRATIONS);
const OWN_TABLES = ['assignments', 'break_glass_grants', 'case_reasons'];

const LOCK_MODES: Readonly<Record<string, string>> = {
  ShareUpdateExclusiveLock: 'SHARE UPDATE EXCLUSIVE',
  ShareRowExclusiveLock: 'SHARE ROW EXCLUSIVE',
  AccessExclusiveLock: 'ACCESS EXCLUSIVE',
};
/** What the session's transaction holds on tables of the version before, but for what reading and writing rows takes. */
const HELD = `SELECT relname AS "table", mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
  WHERE pid = pg_backend_pid() AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname <> ALL ($1::text[]) AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
  ORDER BY relname, mode`;

describe('The migration for the workflow of cases', () => {
  let world: PostgresStoreWorld;
  let migrator: Migrator;

  beforeEach(async () => {
    world = await postgresStoreWorld();
    migrator = createMigrator({ directUrl: world.url });
  });
  afterEach(() => world.close());

  const query = (text: string): Promise<readonly unknown[]> =>
    withClient(world.url, async (client) => (await client.query<object>(text)).rows);

  /** Leaves the database as the version before had it. */
  const goBack = (): Promise<unknown> => migrator.down(NAMES.length - NAMES.indexOf(NAME));

  const plannedSteps = async () => (await migrator.plan()).filter(({ migration }) => migration === NAME);

  it('finds again who has which case, and since when, where it was undone', async () => {
    const { patient, keyId } = await plantPatient(world);
    const own = await plantPhysician(world, patient.tenantId);
    const practice = await plantPhysician(world, DEFAULT_TENANT_ID);
    const [first, second] = [
      await plantCase(world, keyId, patient),
      await plantCase(world, keyId, patient),
      await plantCase(world, keyId, patient),
    ];
    await plantStep(world, claim(first, free(own), newAct({ now: at(60) })));
    const claimed = await plantStep(world, claim(second, free(practice), newAct({ now: at(61) })));
    const started = await plantStep(world, start(claimed, newAct({ now: at(120) })));
    await plantStep(world, answer(started, newAct({ now: at(180) })));
    const assignments = () => query('SELECT * FROM assignments ORDER BY assigned_at');
    const before = await assignments();
    expect(before).to.have.length(2);
    await goBack();
    await migrator.up();
    expect(await assignments()).to.deep.equal(before);
    expect(await isCurrent(world.url)).to.equal(true);
  });

  /** Does the step; @returns the locks that it held at its end */
  const locksOf = ({ sql, transactional }: MigrationStep) =>
    withClient(world.url, async (client) => {
      if (transactional) await client.query('BEGIN');
      await client.query(sql);
      if (!transactional) return null;
      const { rows } = await client.query<{ table: string; mode: string }>(HELD, [OWN_TABLES]);
      await client.query('COMMIT');
      return rows.map(({ table, mode }) => ({ mode: LOCK_MODES[mode] ?? mode, table }));
    });

  async function expectTruth(steps: readonly MigrationStep[]): Promise<void> {
    for (const step of steps) {
      const held = await locksOf(step);
      if (held) expect(held, step.sql).to.deep.equal(step.lock ? [step.lock] : []);
    }
  }

  it('holds up one table at a time, which is the one that each step tells, there and back', async () => {
    await expectTruth(
      caseWorkflow.down(caseWorkflow.after({ tables: {}, schemas: {}, mayMakeSchemas: false })),
    );
    await query(`DELETE FROM casegate_migrations WHERE name = '${NAME}'`);
    await expectTruth(await plannedSteps());
    expect(await plannedSteps()).to.deep.equal([]);
  });

  it('lists only what is missing after it was cut short', async () => {
    await goBack();
    const steps = await plannedSteps();
    for (const [index, { sql }] of steps.entries()) {
      expect((await plannedSteps()).map((step) => step.sql)).to.deep.equal(
        steps.slice(index).map((step) => step.sql),
      );
      await query(sql);
    }
    await migrator.up();
    expect(await isCurrent(world.url)).to.equal(true);
  });

  it('builds an index again of which building was cut short', async () => {
    const index = 'cases_timer_at_idx';
    const isValid = () => query(`SELECT indisvalid FROM pg_index WHERE indexrelid = '${index}'::regclass`);
    await query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${index}'::regclass`);
    await query(`DELETE FROM casegate_migrations WHERE name >= '${NAME}'`);
    expect((await plannedSteps()).map(({ sql }) => sql.replace(/ ON .*/, ''))).to.deep.equal([
      `DROP INDEX CONCURRENTLY IF EXISTS ${index};`,
      `CREATE INDEX CONCURRENTLY ${index}`,
    ]);
    await migrator.up();
    expect(await isValid()).to.deep.equal([{ indisvalid: true }]);
  });
});
