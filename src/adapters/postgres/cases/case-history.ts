import type { SealedMessage, SealedReason } from '../../../application/ports/stores/case-store.ts';
import type { CaseEvent } from '../../../domain/cases/case-event.ts';
import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { columnList } from '../columns.ts';
import { CASE_EVENT_COLUMNS, type CaseEventRow, eventOfRow } from '../rows/case-event-row.ts';
import { CASE_MESSAGE_COLUMNS, type CaseMessageRow, messageOfRow } from '../rows/case-message-row.ts';
import { type CaseReasonRow, reasonOfRow } from '../rows/case-reason-row.ts';
import type { Statement, Statements } from '../statements.ts';

const LIST_MESSAGES: Statement<CaseMessageRow> = {
  text: `SELECT ${columnList(CASE_MESSAGE_COLUMNS)} FROM case_messages
    WHERE tenant_uuid = $1::uuid AND case_uuid = $2::uuid ORDER BY at, uuid`,
};

const LIST_REASONS: Statement<CaseEventRow & Pick<CaseReasonRow, 'key_uuid' | 'body'>> = {
  text: `SELECT ${columnList(CASE_EVENT_COLUMNS, 'case_events')}, key_uuid, body
    FROM case_reasons JOIN case_events ON case_events.uuid = case_reasons.event_uuid
    WHERE case_reasons.tenant_uuid = $1::uuid AND case_reasons.case_uuid = $2::uuid ORDER BY case_events.version`,
};

// Versions are the order of time, also where the clocks of two replicas differ; the position is the version of its event.
const LIST_EVENTS: Statement<CaseEventRow> = {
  text: `SELECT ${columnList(CASE_EVENT_COLUMNS)} FROM case_events
    WHERE tenant_uuid = $1::uuid AND case_uuid = $2::uuid AND version < CASE WHEN $3::uuid IS NULL THEN 2147483647
      ELSE (SELECT version FROM case_events WHERE case_uuid = $2::uuid AND uuid = $3::uuid) END
    ORDER BY version DESC LIMIT $4::integer`,
};

/** The conversation of a case of the tenant, oldest first. */
export async function listMessages(
  statements: Statements,
  tenantId: TenantId,
  id: CaseId,
): Promise<readonly SealedMessage[]> {
  return (await statements.run(LIST_MESSAGES, [tenantId, id])).map(messageOfRow);
}

/** The reasons that were given in the life of a case of the tenant, oldest first. */
export async function listReasons(
  statements: Statements,
  tenantId: TenantId,
  id: CaseId,
): Promise<readonly SealedReason[]> {
  return (await statements.run(LIST_REASONS, [tenantId, id])).map(reasonOfRow);
}

/** What happened to a case of the tenant, newest first. */
export async function listEvents(
  statements: Statements,
  tenantId: TenantId,
  id: CaseId,
  { after, limit }: PageRequest,
): Promise<Page<CaseEvent>> {
  const rows = await statements.run(LIST_EVENTS, [tenantId, id, after?.id ?? null, limit + 1]);
  const items = rows.slice(0, limit).map(eventOfRow);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? { createdAt: last.at, id: last.id } : null };
}
