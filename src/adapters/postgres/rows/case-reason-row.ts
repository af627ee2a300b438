import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { SealedReason } from '../../../application/ports/stores/case-store.ts';
import type { CaseEvent } from '../../../domain/cases/case-event.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Columns } from '../columns.ts';
import { type CaseEventRow, eventOfRow } from './case-event-row.ts';

/** A row of `case_reasons`. */
export interface CaseReasonRow {
  readonly event_uuid: string;
  readonly tenant_uuid: string;
  readonly case_uuid: string;
  readonly key_uuid: string;
  readonly body: Uint8Array;
}

/** The columns of {@link CaseReasonRow}. */
export const CASE_REASON_COLUMNS: Columns<CaseReasonRow> = {
  event_uuid: 'uuid',
  tenant_uuid: 'uuid',
  case_uuid: 'uuid',
  key_uuid: 'uuid',
  body: 'bytea',
};

/** The row of the reason of an event of the tenant. */
export const rowOfReason = (tenantId: TenantId, event: CaseEvent, reason: SealedText): CaseReasonRow => ({
  event_uuid: event.id,
  tenant_uuid: tenantId,
  case_uuid: event.caseId,
  key_uuid: reason.keyId,
  body: reason.bytes,
});

/** The reason of a row, beside its event's. */
export function reasonOfRow(row: CaseEventRow & Pick<CaseReasonRow, 'key_uuid' | 'body'>): SealedReason {
  const { id, type, actorRole, at } = eventOfRow(row);
  return { eventId: id, type, actorRole, body: { keyId: row.key_uuid, bytes: row.body }, at };
}
