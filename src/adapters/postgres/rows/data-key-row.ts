import type { StoredDataKey } from '../../../application/ports/stores/data-key-store.ts';
import type { Columns } from '../columns.ts';

/** A row of `data_keys`. */
export interface DataKeyRow {
  readonly uuid: string;
  readonly tenant_uuid: string;
  readonly wrapped_key: Uint8Array;
  readonly created_at: Date;
  readonly retired_at: Date | null;
}

/** The columns of {@link DataKeyRow}. */
export const DATA_KEY_COLUMNS: Columns<DataKeyRow> = {
  uuid: 'uuid',
  tenant_uuid: 'uuid',
  wrapped_key: 'bytea',
  created_at: 'timestamptz',
  retired_at: 'timestamptz',
};

/** The row of a key. */
export const rowOfDataKey = (key: StoredDataKey): DataKeyRow => ({
  uuid: key.id,
  tenant_uuid: key.tenantId,
  wrapped_key: key.wrappedKey,
  created_at: key.createdAt,
  retired_at: key.retiredAt,
});

/** The key of a row. */
export const dataKeyOfRow = (row: DataKeyRow): StoredDataKey => ({
  id: row.uuid,
  tenantId: row.tenant_uuid,
  wrappedKey: row.wrapped_key,
  createdAt: row.created_at,
  retiredAt: row.retired_at,
});
