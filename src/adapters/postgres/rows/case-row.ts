import {
  type Case,
  type CaseFlag,
  caseOf,
  type CasePriority,
  type CaseSource,
  type CaseState,
} from '../../../domain/cases/case.ts';
import { nextTimer } from '../../../domain/cases/timers.ts';
import { secondsUntil } from '../../../domain/shared/time.ts';
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
  readonly origin: CaseSource;
  readonly flags: readonly CaseFlag[];
  readonly due_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** `null` in rows that the version before wrote: all of the time until `due_at`. */
  readonly due_seconds: number | null;
  readonly state_since: Date;
  readonly escalations: number;
  readonly reminders: number;
  readonly follow_ups: number;
  readonly answered_at: Date | null;
  readonly away_since: Date | null;
  /** When time has something to do with the case; `null` where it has not. */
  readonly timer_at: Date | null;
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
  origin: 'text',
  flags: 'text[]',
  due_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  due_seconds: 'integer',
  state_since: 'timestamptz',
  escalations: 'smallint',
  reminders: 'smallint',
  follow_ups: 'smallint',
  answered_at: 'timestamptz',
  away_since: 'timestamptz',
  timer_at: 'timestamptz',
};

/** The row of a case, looked at by the timers when its next one is due. */
export const rowOfCase = (found: Case): CaseRow => ({
  uuid: found.id,
  tenant_uuid: found.tenantId,
  state: found.state,
  version: found.version,
  language: found.language,
  priority: found.priority,
  specialty: found.specialty,
  patient_uuid: found.patientId,
  physician_uuid: found.physicianId,
  pool: found.pool,
  vendor_id: found.vendorId,
  origin: found.origin,
  flags: found.flags,
  due_at: found.dueAt,
  created_at: found.createdAt,
  updated_at: found.updatedAt,
  due_seconds: found.clock.dueSeconds,
  state_since: found.clock.stateSince,
  escalations: found.clock.escalations,
  reminders: found.clock.reminders,
  follow_ups: found.clock.followUps,
  answered_at: found.clock.answeredAt,
  away_since: found.clock.awaySince,
  timer_at: nextTimer(found)?.at ?? null,
});

/** The case of a row. */
export const caseOfRow = (row: CaseRow): Case =>
  caseOf(
    {
      id: row.uuid,
      tenantId: row.tenant_uuid,
      version: row.version,
      language: row.language,
      priority: row.priority,
      specialty: row.specialty,
      patientId: row.patient_uuid,
      pool: row.pool,
      vendorId: row.vendor_id,
      origin: row.origin,
      flags: row.flags,
      dueAt: row.due_at,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      clock: {
        dueSeconds: row.due_seconds ?? secondsUntil(row.created_at, row.due_at),
        stateSince: row.state_since,
        escalations: row.escalations,
        reminders: row.reminders,
        followUps: row.follow_ups,
        answeredAt: row.answered_at,
        awaySince: row.away_since,
      },
    },
    row.state,
    row.physician_uuid,
  );
