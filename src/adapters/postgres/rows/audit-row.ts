import type { AuditActor, AuditDetails, AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { Columns } from '../columns.ts';

/** A row of `audit_entries`, without what the database adds. */
export interface AuditRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly actor_kind: AuditActor['kind'];
  readonly actor_id: string | null;
  readonly action: string;
  readonly subject_type: string | null;
  readonly subject_id: string | null;
  readonly at: Date;
  readonly details: AuditDetails;
}

/** The columns of {@link AuditRow}. */
export const AUDIT_COLUMNS: Columns<AuditRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  actor_kind: 'text',
  actor_id: 'text',
  action: 'text',
  subject_type: 'text',
  subject_id: 'text',
  at: 'timestamptz',
  details: 'jsonb',
};

/** The row of an entry. */
export const rowOfAudit = (entry: AuditEntry): AuditRow => ({
  uuid: entry.id,
  tenant_uuid: entry.tenantId,
  actor_kind: entry.actor.kind,
  actor_id: entry.actor.kind === 'user' ? entry.actor.id : null,
  action: entry.action,
  subject_type: entry.subject?.type ?? null,
  subject_id: entry.subject?.id ?? null,
  at: entry.at,
  details: entry.details,
});
