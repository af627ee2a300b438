import type { CaseFilter } from '../../../application/ports/stores/case-store.ts';
import type { Case } from '../../../domain/cases/case.ts';
import type { CaseScope, ListedScope } from '../../../domain/cases/visibility.ts';
import { type CaseId, DEFAULT_TENANT_ID, type TenantId } from '../../../domain/shared/ids.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { columnList } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import { CASE_COLUMNS, type CaseRow, caseOfRow } from '../rows/case-row.ts';
import type { Statement, Statements } from '../statements.ts';

const SELECT = `SELECT ${columnList(CASE_COLUMNS)} FROM cases WHERE`;

/**
 * Which cases a scope has: `$1` is the tenant, `$2` the patient, or the user behind the physician; the others have no `$2`. A patient has
 * cases of his own tenant only (cases_patient_fkey); asked for both, the server would look through all of the tenant's.
 */
const SCOPES: Readonly<Record<CaseScope['kind'], string>> = {
  patient: `patient_uuid = (SELECT uuid FROM users WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid) AND state <> 'void'`,
  physician:
    'physician_uuid = (SELECT uuid FROM physicians WHERE tenant_uuid = $1::uuid AND user_uuid = $2::uuid)',
  reach: `$1::uuid IN (tenant_uuid, '${DEFAULT_TENANT_ID}') AND state <> 'void'`,
  tenant: 'tenant_uuid = $1::uuid',
};

/** The parameters of the scope's condition. */
function ofScope(tenantId: TenantId, scope: CaseScope): readonly string[] {
  if (scope.kind === 'patient') return [tenantId, scope.patientId];
  return scope.kind === 'physician' ? [tenantId, scope.userId] : [tenantId];
}

const COUNTS: Readonly<Record<CaseScope['kind'], number>> = { patient: 2, physician: 2, reach: 1, tenant: 1 };

const find = (scope: CaseScope['kind']): Statement<CaseRow> => ({
  text: `${SELECT} ${SCOPES[scope]} AND uuid = $${String(COUNTS[scope] + 1)}::uuid`,
});

const FIND: Readonly<Record<CaseScope['kind'], Statement<CaseRow>>> = {
  patient: find('patient'),
  physician: find('physician'),
  reach: find('reach'),
  tenant: find('tenant'),
};

/** Which filters are set. */
type Filtered = '' | 'state' | 'language' | 'state,language';

const list = (scope: ListedScope['kind'], filtered: Filtered): Statement<CaseRow> => {
  const first = COUNTS[scope] + 1;
  const conditions = filtered
    .split(',')
    .filter((column) => column !== '')
    .map((column, index) => `AND ${column} = $${String(first + 3 + index)}::text`);
  return {
    text: `${SELECT} ${SCOPES[scope]} ${conditions.join(' ')} AND ${afterPosition(first)}
      ${NEWEST_FIRST} LIMIT $${String(first + 2)}::integer`,
  };
};

/** One statement for each combination of filters, so that each finds the index that is made for it. */
const listsOf = (scope: ListedScope['kind']): Readonly<Record<Filtered, Statement<CaseRow>>> => ({
  '': list(scope, ''),
  state: list(scope, 'state'),
  language: list(scope, 'language'),
  'state,language': list(scope, 'state,language'),
});

const LIST: Readonly<Record<ListedScope['kind'], ReturnType<typeof listsOf>>> = {
  patient: listsOf('patient'),
  physician: listsOf('physician'),
  tenant: listsOf('tenant'),
};

const filteredBy = ({ state, language }: CaseFilter): Filtered => {
  if (state !== null) return language === null ? 'state' : 'state,language';
  return language === null ? '' : 'language';
};

/** @returns `null` where the scope has no such case */
export async function findCase(
  statements: Statements,
  tenantId: TenantId,
  id: CaseId,
  scope: CaseScope,
): Promise<Case | null> {
  const [row] = await statements.run(FIND[scope.kind], [...ofScope(tenantId, scope), id]);
  return row ? caseOfRow(row) : null;
}

/** The cases that the scope has, newest first. */
export async function listCases(
  statements: Statements,
  tenantId: TenantId,
  scope: ListedScope,
  { filter, request }: { readonly filter: CaseFilter; readonly request: PageRequest },
): Promise<Page<Case>> {
  const filters = [filter.state, filter.language].filter((value) => value !== null);
  const rows = await statements.run(LIST[scope.kind][filteredBy(filter)], [
    ...ofScope(tenantId, scope),
    ...positionOf(request),
    request.limit + 1,
    ...filters,
  ]);
  return pageOf(rows.map(caseOfRow), request.limit);
}
