import type { IdempotencyRecord } from '../../../application/ports/stores/idempotency-key-store.ts';
import type { Columns } from '../columns.ts';

/** A row of `idempotency_keys`. */
export interface IdempotencyKeyRow {
  readonly key_hash: Uint8Array;
  readonly tenant_uuid: string;
  readonly fingerprint: Uint8Array;
  readonly resource_uuid: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** The columns of {@link IdempotencyKeyRow}. */
export const IDEMPOTENCY_KEY_COLUMNS: Columns<IdempotencyKeyRow> = {
  key_hash: 'bytea',
  tenant_uuid: 'uuid',
  fingerprint: 'bytea',
  resource_uuid: 'uuid',
  created_at: 'timestamptz',
  expires_at: 'timestamptz',
};

/** The row of a record. */
export const rowOfIdempotency = (record: IdempotencyRecord): IdempotencyKeyRow => ({
  key_hash: record.keyHash,
  tenant_uuid: record.tenantId,
  fingerprint: record.fingerprint,
  resource_uuid: record.resourceId,
  created_at: record.createdAt,
  expires_at: record.expiresAt,
});

/** The record of a row. */
export const idempotencyOfRow = (row: IdempotencyKeyRow): IdempotencyRecord => ({
  keyHash: row.key_hash,
  tenantId: row.tenant_uuid,
  fingerprint: row.fingerprint,
  resourceId: row.resource_uuid,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});
