import type { Selectable } from 'kysely';
import type { CaseEvent } from '../../../domain/cases/case.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Columns } from '../columns.ts';
import type { Schema } from '../schema.ts';

/** A row of `case_events`. */
export type CaseEventRow = Selectable<Schema['case_events']>;

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
  at: event.at,
});
