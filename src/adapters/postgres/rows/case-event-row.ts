import type { CaseActorRole, CaseEvent } from '../../../domain/cases/case-event.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Columns } from '../columns.ts';

/** A row of `case_events`. */
export interface CaseEventRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly type: CaseEvent['type'];
  readonly from_state: CaseEvent['from'];
  readonly to_state: CaseEvent['to'];
  readonly version: number;
  readonly actor_uuid: string | null;
  /** `null` in rows that the version before wrote. */
  readonly actor_role: CaseActorRole | null;
  readonly at: Date;
}

/** The columns of {@link CaseEventRow}. */
export const CASE_EVENT_COLUMNS: Columns<CaseEventRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  case_uuid: 'uuid',
  type: 'text',
  from_state: 'text',
  to_state: 'text',
  version: 'integer',
  actor_uuid: 'uuid',
  actor_role: 'text',
  at: 'timestamptz',
};

/** The row of an event of the tenant. */
export const rowOfEvent = (tenantId: TenantId, event: CaseEvent): CaseEventRow => ({
  uuid: event.id,
  tenant_uuid: tenantId,
  case_uuid: event.caseId,
  type: event.type,
  from_state: event.from,
  to_state: event.to,
  version: event.version,
  actor_uuid: event.actorId,
  actor_role: event.actorRole,
  at: event.at,
});

/** The event of a row. */
export const eventOfRow = (row: CaseEventRow): CaseEvent => ({
  id: row.uuid,
  caseId: row.case_uuid,
  type: row.type,
  from: row.from_state,
  to: row.to_state,
  version: row.version,
  actorId: row.actor_uuid,
  actorRole: row.actor_role ?? roleBefore(row),
  at: row.at,
});

/** The version before knew submissions only: by a patient, or by nobody known. */
const roleBefore = ({ actor_uuid }: CaseEventRow): CaseActorRole =>
  actor_uuid === null ? 'anonymous' : 'patient';
