import type { OutboxEntry, OutboxTopic } from '../../../application/ports/stores/outbox.ts';
import type { Columns } from '../columns.ts';

/** A row of `outbox` that has not ended. */
export interface OutboxRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly topic: OutboxTopic;
  readonly payload: Uint8Array;
  readonly key_uuid: string;
  readonly recipient: Uint8Array;
  readonly created_at: Date;
  readonly due_at: Date;
}

/** The columns of {@link OutboxRow}. */
export const OUTBOX_COLUMNS: Columns<OutboxRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  topic: 'text',
  payload: 'bytea',
  key_uuid: 'uuid',
  recipient: 'bytea',
  created_at: 'timestamptz',
  due_at: 'timestamptz',
};

/** The row of an entry. */
export const rowOfOutboxEntry = (entry: OutboxEntry): OutboxRow => ({
  uuid: entry.id,
  tenant_uuid: entry.tenantId,
  topic: entry.topic,
  payload: entry.payload.bytes,
  key_uuid: entry.payload.keyId,
  recipient: entry.recipient,
  created_at: entry.createdAt,
  due_at: entry.dueAt,
});

/** The entry of a row. */
export const outboxEntryOfRow = (row: OutboxRow): OutboxEntry => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  topic: row.topic,
  payload: { keyId: row.key_uuid, bytes: row.payload },
  recipient: row.recipient,
  createdAt: row.created_at,
  dueAt: row.due_at,
});
