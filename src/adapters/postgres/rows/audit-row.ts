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

/** The entry of a row. */
export const auditOfRow = (row: AuditRow): AuditEntry => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  actor: row.actor_kind === 'user' ? { kind: 'user', id: row.actor_id ?? '' } : { kind: row.actor_kind },
  action: row.action,
  subject: row.subject_type === null ? null : { type: row.subject_type, id: row.subject_id ?? '' },
  at: row.at,
  details: row.details,
});

/**
 * Every column of a row, as one text that is the same for as long as the row is: what the chain proves. It begins with the version of
 * its layout. The time is in seconds with six decimals; it and the transaction are texts, so that whatever somebody puts there can be
 * read.
 *
 * @param alias of the table in the statement
 */
export const auditRecord = (alias: string): string =>
  `'1:' || jsonb_build_array(${[
    ...['uuid', 'tenant_uuid', 'actor_kind', 'actor_id', 'action', 'subject_type', 'subject_id'].map(
      (column) => `${alias}.${column}`,
    ),
    `extract(epoch FROM ${alias}.at)::text`,
    `${alias}.details`,
    `${alias}.xact::text`,
  ].join(', ')})::text`;
