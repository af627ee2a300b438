import { expect } from 'chai';
import { newId } from '../../contracts/stores/fixtures.ts';
import pg from 'pg';
import { LegacyCases } from '../../../src/adapters/postgres/legacy/legacy-cases.ts';
import { LegacyRowColumns } from '../../../src/adapters/postgres/legacy/legacy-row-columns.ts';
import { PostgresCaseStore } from '../../../src/adapters/postgres/stores/case-store.ts';
import { PostgresCaseTimers } from '../../../src/adapters/postgres/stores/case-timers.ts';
import { PostgresPhysicianStore } from '../../../src/adapters/postgres/stores/physician-store.ts';
import type { QueuePosition } from '../../../src/application/ports/stores/case-store.ts';
import type { ListedScope } from '../../../src/domain/cases/visibility.ts';
import { cancel } from '../../../src/domain/cases/workflow.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { EVERY_CASE, newAct, newChange } from '../../contracts/stores/case-fixtures.ts';
import { newHash } from '../../contracts/stores/fixtures.ts';
import { ExplainedStatements, nodesOf, type PlanNode } from '../../support/explained-statements.ts';
import { type ManyCases, plantManyCases } from '../../support/many-cases.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const MOMENT = new Date('2026-02-01T00:00:00.000Z');
const LARGE = ['cases', 'case_events', 'case_messages', 'case_reasons', 'case_receipts'];

const FILTERS = [
  { state: null, language: null, source: null },
  { state: 'closed', language: null, source: null },
  { state: null, language: 'he', source: null },
  { state: 'closed', language: 'he', source: null },
] as const;

describe('The statements about cases, among twenty thousand', () => {
  let world: PostgresStoreWorld;
  let client: pg.Client;
  let given: ManyCases;
  let statements: ExplainedStatements;

  before(async () => {
    world = await postgresStoreWorld();
    client = new pg.Client({ connectionString: world.url });
    await client.connect();
    given = await plantManyCases(client);
    // What rows of the legacy service look like is found out before anything is measured.
    await legacyCases.run(new ExplainedStatements(client), () => ({ text: 'SELECT' }), []);
  });
  beforeEach(() => {
    statements = new ExplainedStatements(client);
  });
  after(async () => {
    await client.end();
    await world.close();
  });

  const legacyCases = new LegacyCases();
  const casesOf = (tenantId: string) =>
    new PostgresCaseStore(statements, tenantId, new LegacyRowColumns(), legacyCases);
  const cases = () => casesOf(given.tenantId);

  /** Pages of every kind: the first, and one after another. */
  const PAGES = [
    { limit: 3, after: null },
    { limit: 3, after: { createdAt: MOMENT, id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' } },
  ];

  /** Expects that each plan finds what it is asked for by the index, and neither reads a large table nor sorts more than a few rows. */
  function expectIndex(index: string, sorting: 'nothing' | 'few' = 'nothing'): void {
    expect(statements.plans).to.not.deep.equal([]);
    for (const plan of statements.plans) {
      const nodes = nodesOf(plan);
      const told = JSON.stringify(plan);
      expect(nodes.map((node) => node['Index Name'])).to.include(index, told);
      expect(nodes.some(isRead), told).to.equal(false);
      if (sorting === 'nothing') expect(nodes.some(sortsAll), told).to.equal(false);
    }
  }

  const isRead = (node: PlanNode): boolean =>
    node['Node Type'] === 'Seq Scan' && LARGE.includes(node['Relation Name'] ?? '');
  // What is merged out of several pages is few, and so are the rows of the legacy service that one patient is linked to.
  const sortsAll = (node: PlanNode): boolean =>
    node['Node Type'].includes('Sort') &&
    !nodesOf(node).some(
      (below) => below['Node Type'] === 'Limit' || below['Index Name'] === 'rn_requests_user_uuid_idx',
    );

  const listsBy = (
    scope: () => ListedScope,
    tenantId: () => string,
    indexes: readonly [string, string, string, string],
  ): void => {
    for (const [number, filter] of FILTERS.entries()) {
      it(`lists them by ${indexes[number]!}, where ${JSON.stringify(filter)}`, async () => {
        for (const page of PAGES) await casesOf(tenantId()).list(scope(), filter, page);
        expectIndex(indexes[number]!);
      });
    }
  };

  describe('of a tenant', () => {
    listsBy(
      () => EVERY_CASE,
      () => given.tenantId,
      [
        'cases_tenant_created_at_idx',
        'cases_tenant_state_created_at_idx',
        'cases_tenant_language_created_at_idx',
        'cases_tenant_state_language_created_at_idx',
      ],
    );
  });

  describe('of a patient', () => {
    const index = 'cases_patient_created_at_idx';
    const scope = () => ({ kind: 'patient', patientId: given.patientId }) as const;
    listsBy(scope, () => given.tenantId, [index, index, index, index]);
  });

  describe('of a physician', () => {
    listsBy(
      () => ({ kind: 'physician', userId: given.userId }),
      () => DEFAULT_TENANT_ID,
      [
        'cases_physician_created_at_idx',
        'cases_physician_state_created_at_idx',
        'cases_physician_created_at_idx',
        'cases_physician_state_created_at_idx',
      ],
    );
  });

  describe('that wait', () => {
    const POSITION: QueuePosition = {
      priority: 'urgent',
      dueAt: MOMENT,
      createdAt: MOMENT,
      id: '00000000-0000-7000-8000-000000000000',
    };
    const REQUESTS = [null, 'he'].flatMap((language) =>
      [null, POSITION].map((after) => ({ filter: { language }, limit: 3, after })),
    );
    const languages = ['en', 'he', 'ru'];

    it('are found in their order for a tenant', async () => {
      for (const request of REQUESTS) await cases().queue(request);
      expectIndex('cases_tenant_queue_idx');
    });

    it("are found in their order for a tenant's own physicians, of whatever pool", async () => {
      for (const request of REQUESTS) {
        await cases().queueFor({ userId: newId(), privatePool: null, languages }, request);
        // Of one pool and one language there are so few that any way will do.
        const { language } = request.filter;
        if (language === null) {
          await cases().queueFor({ userId: newId(), privatePool: 'hearts', languages }, request);
        }
      }
      expectIndex('cases_tenant_queue_idx');
    });

    it('are found by language, in their order, for the shared physicians of the practice', async () => {
      const reader = { userId: newId(), privatePool: null, languages };
      for (const request of REQUESTS) await casesOf(DEFAULT_TENANT_ID).queueFor(reader, request);
      expectIndex('cases_shared_queue_idx');
    });

    it('are found by pool and language, in their order, for the physicians of a pool of the practice', async () => {
      const reader = { userId: newId(), privatePool: 'hearts', languages };
      for (const request of REQUESTS) await casesOf(DEFAULT_TENANT_ID).queueFor(reader, request);
      expectIndex('cases_pool_queue_idx');
    });
  });

  it('list what is due in its order', async () => {
    const due = await new PostgresCaseTimers(statements).listDue(MOMENT, 100);
    expect(due).to.have.length(100);
    expectIndex('cases_timer_at_idx');
  });

  it('count and find the open cases of a physician', async () => {
    await casesOf(DEFAULT_TENANT_ID).lockOpenOf(given.physicianId);
    const assignable = await new PostgresPhysicianStore(statements, given.tenantId).findAssignable(
      given.physicianId,
    );
    expect(assignable?.openCases).to.be.greaterThan(0);
    expectIndex('cases_physician_state_created_at_idx', 'few');
  });

  it('find a case by its id in every scope, and save it', async () => {
    const { caseId, patientId, userId } = given;
    await casesOf(DEFAULT_TENANT_ID).find(caseId, { kind: 'physician', userId });
    await cases().find(caseId, { kind: 'patient', patientId });
    await cases().find(caseId, { kind: 'reach' });
    const found = (await cases().find(caseId, EVERY_CASE))!;
    await client.query('BEGIN');
    expect(await cases().save(newChange(cancel(found, newAct())))).to.equal(true);
    await client.query('ROLLBACK');
    for (const plan of statements.plans) {
      expect(nodesOf(plan).filter(isRead)).to.deep.equal([]);
      const indexes = nodesOf(plan).map((node) => node['Index Name']);
      expect(indexes).to.include.oneOf(['cases_pkey', 'cases_tenant_uuid_key']);
    }
  });

  it('list what happened to a case, newest first', async () => {
    for (const page of PAGES) await cases().listEvents(given.caseId, page);
    const after = { createdAt: MOMENT, id: given.eventId };
    await cases().listEvents(given.caseId, { limit: 1, after });
    expectIndex('case_events_case_version_key', 'few');
  });

  it('list the texts of a case', async () => {
    expect(await cases().listMessages(given.caseId)).to.have.length(1);
    expectIndex('case_messages_case_at_idx');
  });

  it('list the reasons of a case', async () => {
    expect(await cases().listReasons(given.caseId)).to.have.length(1);
    expectIndex('case_reasons_case_idx', 'few');
  });

  it('find and spend receipts', async () => {
    await cases().findByReceipt(newHash(), MOMENT);
    await cases().spendReceipts([newHash(), newHash()], MOMENT);
    expectIndex('case_receipts_pkey', 'few');
  });
});
