import { expect } from 'chai';
import pg from 'pg';
import { LegacyCases } from '../../../src/adapters/postgres/legacy/legacy-cases.ts';
import { LegacyRowColumns } from '../../../src/adapters/postgres/legacy/legacy-row-columns.ts';
import { PostgresCaseStore } from '../../../src/adapters/postgres/stores/case-store.ts';
import { ConfiguredVendors } from '../../../src/adapters/vendors/configured-vendors.ts';
import type { CaseFilter } from '../../../src/application/ports/stores/case-store.ts';
import type { ListedScope } from '../../../src/domain/cases/visibility.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { EVERY_CASE, NO_FILTER } from '../../contracts/stores/case-fixtures.ts';
import { newId } from '../../contracts/stores/fixtures.ts';
import { ExplainedStatements, nodesOf, type PlanNode } from '../../support/explained-statements.ts';
import { plantManyCases } from '../../support/many-cases.ts';
import { MANY_VENDORS, plantManyLegacyCases } from '../../support/many-legacy-cases.ts';
import { type PostgresStoreWorld, postgresStoreWorld } from '../../support/postgres-store-world.ts';

const LARGE = ['cases', 'rn_requests', 'legacy_index'];
const MIDDLE = new Date('2026-02-01T00:00:00.000Z');
/** The first page, one in the middle, and one of which there is hardly anything left. */
const PAGES = [
  { limit: 3, after: null },
  { limit: 3, after: { createdAt: MIDDLE, id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' } },
  { limit: 3, after: { createdAt: new Date('2026-01-01T00:01:00Z'), id: newId() } },
];
const FILTERS: readonly CaseFilter[] = [
  NO_FILTER,
  { ...NO_FILTER, source: 'legacy' },
  { ...NO_FILTER, state: 'legacy' },
  { ...NO_FILTER, language: 'fr' },
  { ...NO_FILTER, language: 'fr', source: 'legacy' },
];

describe('The statements about legacy cases, among twenty thousand', () => {
  let world: PostgresStoreWorld;
  let client: pg.Client;
  let given: Awaited<ReturnType<typeof plantManyLegacyCases>>;
  let tenants: ReadonlyMap<string, string>;
  let statements: ExplainedStatements;
  const listed = new LegacyCases(new ConfiguredVendors(MANY_VENDORS));
  const unlisted = new LegacyCases();

  before(async () => {
    world = await postgresStoreWorld();
    client = new pg.Client({ connectionString: world.url });
    await client.connect();
    await plantManyCases(client);
    given = await plantManyLegacyCases(client);
    const { rows } = await client.query<{ slug: string; uuid: string }>('SELECT slug, uuid FROM tenants');
    tenants = new Map(rows.map(({ slug, uuid }) => [slug, uuid]));
    // What rows look like and how tenants are called is found out before anything is measured.
    for (const cases of [listed, unlisted]) {
      await cases.run(new ExplainedStatements(client), () => ({ text: 'SELECT' }), []);
      for (const tenantId of tenants.values()) {
        await cases.vendorsOf(tenantId, new ExplainedStatements(client));
      }
    }
  });
  beforeEach(() => {
    statements = new ExplainedStatements(client);
  });
  after(async () => {
    await client.end();
    await world.close();
  });

  const casesOf = (tenantId: string, legacyCases: LegacyCases) =>
    new PostgresCaseStore(statements, tenantId, new LegacyRowColumns(), legacyCases);

  const isRead = (node: PlanNode): boolean =>
    node['Node Type'] === 'Seq Scan' && LARGE.includes(node['Relation Name'] ?? '');
  /** What is merged out of several pages is few, and so is what one patient is linked to. */
  const sortsAll = (node: PlanNode): boolean =>
    node['Node Type'].includes('Sort') &&
    !nodesOf(node).some(
      (below) => below['Node Type'] === 'Limit' || below['Index Name'] === 'rn_requests_user_uuid_idx',
    );

  /** Expects that each plan goes by the index, and neither reads a large table nor sorts more than a few rows. */
  function expectIndex(index: string): void {
    expect(statements.plans).to.not.deep.equal([]);
    for (const plan of statements.plans) {
      const nodes = nodesOf(plan);
      const told = JSON.stringify(plan);
      expect(nodes.map((node) => node['Index Name'])).to.include(index, told);
      expect(
        nodes.filter((node) => isRead(node) || sortsAll(node)),
        told,
      ).to.deep.equal([]);
    }
  }

  const listsBy = (
    whose: string,
    legacyCases: LegacyCases,
    place: () => { readonly tenantId: string; readonly scope: ListedScope },
    indexOf: (filter: CaseFilter) => string,
  ): void => {
    for (const filter of FILTERS) {
      it(`list those of ${whose} by ${indexOf(filter)}, where ${JSON.stringify(filter)}`, async () => {
        const { scope, tenantId } = place();
        for (const page of PAGES) await casesOf(tenantId, legacyCases).list(scope, filter, page);
        expectIndex(indexOf(filter));
      });
    }
  };

  const byTenant = (slug: string) => () => ({ tenantId: tenants.get(slug)!, scope: EVERY_CASE });
  const byVendor = ({ language }: CaseFilter): string =>
    language === null ? 'legacy_index_vendor_created_at_idx' : 'legacy_index_vendor_language_created_at_idx';

  listsBy(
    'everybody',
    unlisted,
    () => ({ tenantId: DEFAULT_TENANT_ID, scope: EVERY_CASE }),
    ({ language }) =>
      language === null ? 'legacy_index_created_at_idx' : 'legacy_index_language_created_at_idx',
  );
  listsBy('a vendor that has nearly all', listed, byTenant('many-0'), byVendor);
  listsBy('a vendor that has hardly any', listed, byTenant('many-1'), byVendor);
  listsBy('vendors that nobody lists', listed, byTenant('default'), byVendor);
  listsBy(
    'a patient',
    listed,
    () => ({ tenantId: given.tenantId, scope: { kind: 'patient', patientId: given.patientId } }),
    () => 'rn_requests_user_uuid_idx',
  );

  it('leave the list of a tenant that has no vendor as it was', async () => {
    for (const page of PAGES) await casesOf(tenants.get('many-2')!, listed).list(EVERY_CASE, NO_FILTER, page);
    expectIndex('cases_tenant_created_at_idx');
    expect(JSON.stringify(statements.plans)).not.to.match(/rn_requests|legacy_index/);
  });

  it('find one by its id in every scope, and what it asks', async () => {
    const { caseId, patientId, tenantId } = given;
    const scopes = [
      { tenantId, scope: { kind: 'patient', patientId } },
      { tenantId: tenants.get('many-0')!, scope: EVERY_CASE },
    ] as const;
    for (const { scope, ...place } of scopes) {
      const cases = casesOf(place.tenantId, listed);
      expect(await cases.find(caseId, scope)).to.include({ id: caseId, state: 'legacy' });
      expect(await cases.readLegacyQuestion(caseId, scope)).to.equal('Since when?');
    }
    for (const plan of statements.plans) {
      const nodes = nodesOf(plan);
      expect(nodes.filter(isRead), JSON.stringify(plan)).to.deep.equal([]);
      expect(nodes.map((node) => node['Index Name'])).to.include('rn_requests_pkey');
    }
  });
});
