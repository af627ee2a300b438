import type { Case } from '../../../domain/cases/case.ts';
import { legacyCaseOf } from '../../../domain/cases/legacy-case.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { columnList } from '../columns.ts';
import { CASE_COLUMNS, type CaseRow, caseOfRow } from './case-row.ts';

/**
 * A row of `cases`, or in its form what a legacy case is of: then `state` says so, and of the other columns nothing counts but `uuid`,
 * `language`, `patient_uuid`, `vendor_id` and `created_at`.
 */
export interface ScopedCaseRow extends CaseRow {
  readonly legacy_status: string | null;
}

/** The columns of a {@link ScopedCaseRow} that is of `cases`, for a SELECT. */
export const OWN_CASE = `${columnList(CASE_COLUMNS, 'cases')}, NULL::text AS legacy_status`;

/** The columns that a legacy case has something to say in, each as SQL. */
export interface LegacyCaseColumns {
  readonly uuid: string;
  readonly language: string;
  readonly patient_uuid: string;
  readonly vendor_id: string;
  readonly created_at: string;
  readonly legacy_status: string;
}

/** The columns of a {@link ScopedCaseRow} that is a legacy case's, for a SELECT. */
export function legacyCase({ legacy_status, ...columns }: LegacyCaseColumns): string {
  const said: Readonly<Record<string, string>> = { ...columns, state: `'legacy'::text` };
  const all = Object.entries(CASE_COLUMNS).map(
    ([name, type]) => `${said[name] ?? `NULL::${type}`} AS ${name}`,
  );
  return [...all, `${legacy_status} AS legacy_status`].join(', ');
}

/** The case of a row. @param tenantId of whoever looks at it */
export const caseOfScopedRow = (row: ScopedCaseRow, tenantId: TenantId): Case =>
  row.state === 'legacy'
    ? legacyCaseOf({
        id: row.uuid,
        tenantId,
        patientId: row.patient_uuid,
        vendorId: row.vendor_id,
        language: row.language,
        status: row.legacy_status,
        createdAt: row.created_at,
      })
    : caseOfRow(row);
