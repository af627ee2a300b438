import type { Case, CasePriority, CaseState } from '../../../domain/cases/case.ts';
import type { Columns } from '../columns.ts';

/** A row of `cases`. */
export interface CaseRow {
  /** `rn_requests.uuid` of the row that the legacy service sees. */
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly state: CaseState;
  readonly version: number;
  readonly language: string;
  readonly priority: CasePriority;
  readonly specialty: string | null;
  readonly patient_uuid: string | null;
  readonly physician_uuid: string | null;
  readonly pool: string | null;
  readonly vendor_id: string | null;
  readonly flags: readonly string[];
  readonly due_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** The columns of {@link CaseRow}. */
export const CASE_COLUMNS: Columns<CaseRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  state: 'text',
  version: 'integer',
  language: 'text',
  priority: 'text',
  specialty: 'text',
  patient_uuid: 'uuid',
  physician_uuid: 'uuid',
  pool: 'text',
  vendor_id: 'text',
  flags: 'text[]',
  due_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

/** The row of a case. */
export const rowOfCase = (submitted: Case): CaseRow => ({
  uuid: submitted.id,
  tenant_uuid: submitted.tenantId,
  state: submitted.state,
  version: submitted.version,
  language: submitted.language,
  priority: submitted.priority,
  specialty: submitted.specialty,
  patient_uuid: submitted.patientId,
  physician_uuid: submitted.physicianId,
  pool: submitted.pool,
  vendor_id: submitted.vendorId,
  flags: submitted.flags,
  due_at: submitted.dueAt,
  created_at: submitted.createdAt,
  updated_at: submitted.updatedAt,
});

/** The case of a row. */
export const caseOfRow = (row: CaseRow): Case => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  state: row.state,
  version: row.version,
  language: row.language,
  priority: row.priority,
  specialty: row.specialty,
  patientId: row.patient_uuid,
  physicianId: row.physician_uuid,
  pool: row.pool,
  vendorId: row.vendor_id,
  flags: row.flags,
  dueAt: row.due_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
