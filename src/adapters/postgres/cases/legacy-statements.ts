import {
  legacyCaseById,
  legacyCasesOfPatient,
  legacyCasesOfTenant,
  legacyQuestion,
  type ListParameters,
  type VendorCondition,
} from '../legacy/legacy-case-parts.ts';
import type { LegacyStatement, RequestColumns } from '../legacy/legacy-shape.ts';
import { afterPosition, NEWEST_FIRST } from '../keyset.ts';
import { OWN_CASE, type ScopedCaseRow } from '../rows/scoped-case-row.ts';
import { CASE_SCOPES, SCOPE_COUNTS } from './case-scopes.ts';

/** The scopes that legacy cases are within. */
export type LegacyScope = 'patient' | 'tenant';

const SELECT = `SELECT ${OWN_CASE} FROM cases WHERE`;

const find = (scope: LegacyScope): LegacyStatement<ScopedCaseRow> => {
  const id = SCOPE_COUNTS[scope] + 1;
  // A row is of the one kind or the other, at the moment that the statement looks at: where the first has it, the second is not asked.
  return (columns) => ({
    text: `(${SELECT} ${CASE_SCOPES[scope]} AND uuid = $${String(id)}::uuid)
  UNION ALL (${legacyCaseById(columns, scope, id)}) LIMIT 1`,
  });
};

/** A case of an id with a workflow or without: the parameters are the scope's, and the id. */
export const FIND_ANY: Readonly<Record<LegacyScope, LegacyStatement<ScopedCaseRow>>> = {
  patient: find('patient'),
  tenant: find('tenant'),
};

interface QuestionRow {
  readonly question: string | null;
  readonly vendor_id: string | null;
}

/** What a legacy case asks: the parameters are the patient's scope, if it is his, and the id. */
export const READ_QUESTION: Readonly<Record<LegacyScope, LegacyStatement<QuestionRow>>> = {
  patient: (columns) => ({ text: legacyQuestion(columns, 'patient') }),
  tenant: (columns) => ({ text: legacyQuestion(columns, 'tenant') }),
};

/** What a list has legacy cases in. */
export interface MergedList {
  readonly scope: LegacyScope;
  /** Of a tenant's list. */
  readonly vendors: VendorCondition;
  /** Whether cases with a workflow are in it too. */
  readonly own: boolean;
  /** Whether it is narrowed to a language. */
  readonly language: boolean;
}

/** The parameters are the scope's, the position, the limit, the language where it is narrowed to one, and the vendors that are named. */
function merged(list: MergedList): LegacyStatement<ScopedCaseRow> {
  const position = SCOPE_COUNTS[list.scope] + 1;
  const parameters: ListParameters = {
    position,
    limit: position + 2,
    language: list.language ? position + 3 : null,
    vendors: position + (list.language ? 4 : 3),
  };
  return (columns) => ({ text: textOf(list, parameters, columns) });
}

function textOf({ own, scope, vendors }: MergedList, parameters: ListParameters, columns: RequestColumns) {
  const { language, limit, position } = parameters;
  const few = `${NEWEST_FIRST} LIMIT $${String(limit)}::integer`;
  const ofLanguage = language === null ? '' : `AND language = $${String(language)}::text`;
  const owned = `${SELECT} ${CASE_SCOPES[scope]} ${ofLanguage} AND ${afterPosition(position)} ${few}`;
  const legacy =
    scope === 'patient'
      ? [legacyCasesOfPatient(columns, parameters)]
      : legacyCasesOfTenant(columns, vendors, parameters);
  const pages = [...(own ? [owned] : []), ...legacy].map((page) => `(${page})`);
  return `SELECT merged.* FROM (${pages.join('\n  UNION ALL ')}) AS merged\n  ${few}`;
}

const known = new Map<string, LegacyStatement<ScopedCaseRow>>();

/** The statement of a list with legacy cases in it: of the same list the same one, so that its text is made once. */
export function listWithLegacy(list: MergedList): LegacyStatement<ScopedCaseRow> {
  const key = [list.scope, list.vendors, list.own, list.language].join();
  const statement = known.get(key) ?? merged(list);
  known.set(key, statement);
  return statement;
}
