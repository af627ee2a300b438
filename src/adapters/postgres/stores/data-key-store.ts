import type { DataKeyStore, StoredDataKey } from '../../../application/ports/stores/data-key-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { DATA_KEY_COLUMNS, type DataKeyRow, dataKeyOfRow, rowOfDataKey } from '../rows/data-key-row.ts';
import type { Statement, Statements } from '../statements.ts';

const COLUMNS = columnList(DATA_KEY_COLUMNS);

const FIND_CURRENT: Statement<DataKeyRow> = {
  text: `SELECT ${COLUMNS} FROM data_keys WHERE tenant_uuid = $1::uuid AND retired_at IS NULL`,
};

const FIND: Statement<DataKeyRow> = {
  text: `SELECT ${COLUMNS} FROM data_keys WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid`,
};

// The update changes nothing; it makes the statement return the row that stands in the way, even one committed a moment ago.
const ADD_FIRST: Statement<DataKeyRow> = {
  text: `${insertInto('data_keys', DATA_KEY_COLUMNS)}
    ON CONFLICT (tenant_uuid) WHERE retired_at IS NULL DO UPDATE SET tenant_uuid = excluded.tenant_uuid
    RETURNING ${COLUMNS}`,
};

/** The data keys of all tenants, in PostgreSQL. */
export class PostgresDataKeyStore implements DataKeyStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async findCurrent(tenantId: TenantId): Promise<StoredDataKey | null> {
    const [row] = await this.#statements.run(FIND_CURRENT, [tenantId]);
    return row ? dataKeyOfRow(row) : null;
  }

  async find(tenantId: TenantId, id: string): Promise<StoredDataKey | null> {
    const [row] = await this.#statements.run(FIND, [tenantId, id]);
    return row ? dataKeyOfRow(row) : null;
  }

  async addFirst(key: StoredDataKey): Promise<StoredDataKey> {
    const [row] = await this.#statements.run(ADD_FIRST, parametersOf(DATA_KEY_COLUMNS, rowOfDataKey(key)));
    if (!row) throw new Error('The upsert of a data key returned no row.');
    return dataKeyOfRow(row);
  }
}
