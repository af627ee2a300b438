import type { CaseFilter } from '../../../application/ports/stores/case-store.ts';
import type { Case } from '../../../domain/cases/case.ts';
import { soughtSources } from '../../../domain/cases/sought-sources.ts';
import type { CaseScope, ListedScope } from '../../../domain/cases/visibility.ts';
import { isInVendorScope, type VendorScope } from '../../../domain/legacy/vendor.ts';
import { normalVendorId } from '../../../domain/shared/vendor-id.ts';
import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import type { LegacyCases } from '../legacy/legacy-cases.ts';
import { caseOfScopedRow, OWN_CASE, type ScopedCaseRow } from '../rows/scoped-case-row.ts';
import type { Statement, Statements } from '../statements.ts';
import { CASE_SCOPES, ofScope, SCOPE_COUNTS } from './case-scopes.ts';
import { FIND_ANY, type LegacyScope, listWithLegacy, READ_QUESTION } from './legacy-statements.ts';

/** Where cases are looked for, and for whom. */
export interface CaseLookup {
  readonly statements: Statements;
  readonly tenantId: TenantId;
  readonly legacyCases: LegacyCases;
}

const SELECT = `SELECT ${OWN_CASE} FROM cases WHERE`;

const find = (scope: CaseScope['kind']): Statement<ScopedCaseRow> => ({
  text: `${SELECT} ${CASE_SCOPES[scope]} AND uuid = $${String(SCOPE_COUNTS[scope] + 1)}::uuid`,
});

/** Of cases with a workflow. */
const FIND: Readonly<Record<CaseScope['kind'], Statement<ScopedCaseRow>>> = {
  patient: find('patient'),
  physician: find('physician'),
  reach: find('reach'),
  tenant: find('tenant'),
};

/** Which filters are set. */
type Filtered = '' | 'state' | 'language' | 'state,language';

const list = (scope: ListedScope['kind'], filtered: Filtered): Statement<ScopedCaseRow> => {
  const first = SCOPE_COUNTS[scope] + 1;
  const conditions = filtered
    .split(',')
    .filter((column) => column !== '')
    .map((column, index) => `AND ${column} = $${String(first + 3 + index)}::text`);
  return {
    text: `${SELECT} ${CASE_SCOPES[scope]} ${conditions.join(' ')} AND ${afterPosition(first)}
      ${NEWEST_FIRST} LIMIT $${String(first + 2)}::integer`,
  };
};

/** One statement for each combination of filters, so that each finds the index that is made for it. */
const listsOf = (scope: ListedScope['kind']): Readonly<Record<Filtered, Statement<ScopedCaseRow>>> => ({
  '': list(scope, ''),
  state: list(scope, 'state'),
  language: list(scope, 'language'),
  'state,language': list(scope, 'state,language'),
});

/** Of cases with a workflow. */
const LIST: Readonly<Record<ListedScope['kind'], ReturnType<typeof listsOf>>> = {
  patient: listsOf('patient'),
  physician: listsOf('physician'),
  tenant: listsOf('tenant'),
};

const filteredBy = ({ state, language }: CaseFilter): Filtered => {
  if (state !== null) return language === null ? 'state' : 'state,language';
  return language === null ? '' : 'language';
};

/** Whose legacy cases are within a scope: `'own'` of a patient; `null` where none are. */
type LegacyReach = VendorScope | 'own' | null;

async function legacyReachOf(
  { legacyCases, statements, tenantId }: CaseLookup,
  { kind }: CaseScope,
): Promise<LegacyReach> {
  if (kind === 'patient') return 'own';
  return kind === 'tenant' ? legacyCases.vendorsOf(tenantId, statements) : null;
}

/** The index follows the rows, and what a row says now decides. */
const isWithin = (reach: LegacyReach, vendorId: string | null): boolean =>
  reach === 'own' || (reach !== null && isInVendorScope(reach, normalVendorId(vendorId)));

const isSeen = (reach: LegacyReach, row: ScopedCaseRow): boolean =>
  row.state !== 'legacy' || isWithin(reach, row.vendor_id);

const legacyScopeOf = (reach: VendorScope | 'own'): LegacyScope => (reach === 'own' ? 'patient' : 'tenant');

/** @returns `null` where the scope has no such case */
export async function findCase(lookup: CaseLookup, id: CaseId, scope: CaseScope): Promise<Case | null> {
  const { legacyCases, statements, tenantId } = lookup;
  const reach = await legacyReachOf(lookup, scope);
  const parameters = [...ofScope(tenantId, scope), id];
  const [row] = await (reach === null
    ? statements.run(FIND[scope.kind], parameters)
    : legacyCases.run(statements, FIND_ANY[legacyScopeOf(reach)], parameters));
  return row && isSeen(reach, row) ? caseOfScopedRow(row, tenantId) : null;
}

/** What a legacy case within the scope asks. @returns `null` where there is none, or it asks nothing */
export async function readLegacyQuestion(
  lookup: CaseLookup,
  id: CaseId,
  scope: ListedScope,
): Promise<string | null> {
  const { legacyCases, statements, tenantId } = lookup;
  const reach = await legacyReachOf(lookup, scope);
  if (reach === null) return null;
  const parameters = reach === 'own' ? [...ofScope(tenantId, scope), id] : [id];
  const [row] = await legacyCases.run(statements, READ_QUESTION[legacyScopeOf(reach)], parameters);
  return row && isWithin(reach, row.vendor_id) ? row.question : null;
}

/** What a list is asked for. */
export interface CaseListRequest {
  readonly filter: CaseFilter;
  readonly request: PageRequest;
}

/** The cases that the scope has, newest first. */
export async function listCases(
  lookup: CaseLookup,
  scope: ListedScope,
  asked: CaseListRequest,
): Promise<Page<Case>> {
  const { casegate, legacy } = soughtSources(asked.filter);
  const reach = legacy ? await legacyReachOf(lookup, scope) : null;
  if (reach !== null) return listMerged(lookup, scope, reach, asked);
  return casegate ? listOwn(lookup, scope, asked) : { items: [], next: null };
}

async function listOwn(
  { statements, tenantId }: CaseLookup,
  scope: ListedScope,
  { filter, request }: CaseListRequest,
): Promise<Page<Case>> {
  const filters = [filter.state, filter.language].filter((value) => value !== null);
  const rows = await statements.run(LIST[scope.kind][filteredBy(filter)], [
    ...ofScope(tenantId, scope),
    ...positionOf(request),
    request.limit + 1,
    ...filters,
  ]);
  return pageOf(
    rows.map((row) => caseOfScopedRow(row, tenantId)),
    request.limit,
  );
}

async function listMerged(
  { legacyCases, statements, tenantId }: CaseLookup,
  scope: ListedScope,
  reach: VendorScope | 'own',
  { filter, request }: CaseListRequest,
): Promise<Page<Case>> {
  const named = reach === 'own' || reach.vendorIds.length === 0 ? [] : [reach.vendorIds];
  const statement = listWithLegacy({
    scope: legacyScopeOf(reach),
    vendors: reach === 'own' || named.length === 0 ? 'any' : reach.kind,
    own: soughtSources(filter).casegate,
    language: filter.language !== null,
  });
  const rows = await legacyCases.run(statements, statement, [
    ...ofScope(tenantId, scope),
    ...positionOf(request),
    request.limit + 1,
    ...(filter.language === null ? [] : [filter.language]),
    ...named,
  ]);
  const { items, next } = pageOf(
    rows.map((row) => ({ ...positionIn(row), row })),
    request.limit,
  );
  const seen = items.filter(({ row }) => isSeen(reach, row));
  return { items: seen.map(({ row }) => caseOfScopedRow(row, tenantId)), next };
}

const positionIn = ({ created_at: createdAt, uuid: id }: ScopedCaseRow) => ({ createdAt, id });
