import { expect } from 'chai';
import type { Statement, Statements } from '../../../src/adapters/postgres/statements.ts';
import { PostgresAuditSealStore } from '../../../src/adapters/postgres/stores/audit-seal-store.ts';
import { PostgresAuditTrail } from '../../../src/adapters/postgres/stores/audit-trail.ts';
import type { AuditFilter } from '../../../src/application/ports/stores/audit-trail.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { newId } from '../../contracts/stores/fixtures.ts';
import { auditSealing } from '../../support/audit-chain-world.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const ANY: AuditFilter = { actorId: null, action: null, subject: null, from: null, to: null };
const PAGE = { limit: 25, after: null };

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** A filler trail: every entry of one action of ten, of one actor of a hundred, of its own subject. */
const FILL = `INSERT INTO audit_entries (uuid, tenant_uuid, actor_kind, actor_id, action, subject_type, subject_id, at, details)
  SELECT gen_random_uuid(), '${DEFAULT_TENANT_ID}', 'user', 'actor-' || n % 100, 'test.done-' || n % 10, 'case', 'subject-' || n,
    now() - n * interval '1 second', '{}'
  FROM generate_series(1, 20000) AS n`;

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('The audit trail in PostgreSQL', () => {
  let world: PostgresStoreWorld;
  /** The plans of the statements that a store has run. */
  let plans: Plan[];
  let statements: Statements;

  before(async () => {
    world = await postgresStoreWorld();
    await world.sql(FILL);
    await auditSealing(world.auditSeals).seal();
    await world.sql('ANALYZE');
    statements = {
      run: async <Row>(statement: Statement<Row>, parameters: readonly unknown[]) => {
        const [row] = await world.sql(`EXPLAIN (FORMAT JSON) ${statement.text}`, parameters);
        const [{ Plan: plan }] = (row as { 'QUERY PLAN': [{ Plan: Plan }] })['QUERY PLAN'];
        plans.push(plan);
        return (await world.sql(statement.text, parameters)) as readonly Row[];
      },
    };
  });
  after(() => world.close());
  beforeEach(() => (plans = []));

  /** The indexes by which the plans reach tables; a table that is read without one is named itself. */
  const ways = (): readonly string[] => [
    ...new Set(
      plans
        .flatMap(nodesOf)
        .filter((node) => node['Index Name'] !== undefined || node['Relation Name'] !== undefined)
        .map((node) => node['Index Name'] ?? node['Relation Name']!),
    ),
  ];
  const sorts = (): readonly string[] =>
    plans
      .flatMap(nodesOf)
      .map((node) => node['Node Type'])
      .filter((type) => type.includes('Sort'));

  const subject = { type: 'case', id: 'subject-7' };
  const filters: readonly (readonly [string, Partial<AuditFilter>, string])[] = [
    ['nothing', {}, 'audit_entries_tenant_at_idx'],
    ['times', { from: new Date(0), to: new Date() }, 'audit_entries_tenant_at_idx'],
    ['an actor', { actorId: 'actor-7' }, 'audit_entries_actor_at_idx'],
    ['an actor and an action', { actorId: 'actor-7', action: 'test.done-7' }, 'audit_entries_actor_at_idx'],
    ['a subject', { subject }, 'audit_entries_subject_at_idx'],
    [
      'everything',
      { actorId: 'actor-7', action: 'test.done-7', subject, from: new Date(0), to: new Date() },
      'audit_entries_subject_at_idx',
    ],
    ['an action of which there is none', { action: 'test.never-done' }, 'audit_entries_action_at_idx'],
  ];
  for (const [what, filter, index] of filters) {
    it(`is listed by ${what} through ${index}, in its order`, async () => {
      await new PostgresAuditTrail(statements, DEFAULT_TENANT_ID).list({ ...ANY, ...filter }, PAGE);
      expect(ways()).to.deep.equal([index]);
      expect(sorts()).to.deep.equal([]);
    });
  }

  it('is sealed and verified through indexes, a few entries at a time', async () => {
    const store = new PostgresAuditSealStore(statements);
    const { seal } = await store.readEnd();
    await store.listSealable(seal!.horizon, null, 1_000);
    await store.listLinks(5_001, 6_000, 1_000);
    await store.listSeals(3, 20, 10);
    await store.walkEntries({ after: newId(), lastPosition: 20_000, horizon: seal!.horizon, limit: 1_000 });
    await store.listStrays(100);
    const tables = ways().filter((way) => ['audit_entries', 'audit_links'].includes(way));
    expect(tables, 'read as a whole').to.deep.equal([]);
    expect(ways()).to.include.members([
      'audit_entries_xact_idx',
      'audit_entries_pkey',
      'audit_links_pkey',
      'audit_links_entry_key',
    ]);
  });
});
