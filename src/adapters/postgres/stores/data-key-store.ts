import type {
  DataKeyStore,
  DataKeySuccession,
  StoredDataKey,
} from '../../../application/ports/stores/data-key-store.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { DATA_KEYS_CHANNEL } from '../channels.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { DatabaseFault } from '../pg-errors.ts';
import { AUDIT_COLUMNS, rowOfAudit } from '../rows/audit-row.ts';
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

const LIST_CURRENT: Statement<DataKeyRow> = {
  text: `SELECT ${COLUMNS} FROM data_keys WHERE retired_at IS NULL`,
};

const LAST_RETIREMENT: Statement<{ readonly at: Date | null }> = {
  text: 'SELECT max(retired_at) AS at FROM data_keys',
};

const LIST_RETIRED_BEFORE: Statement<DataKeyRow> = {
  text: `SELECT ${COLUMNS} FROM data_keys WHERE retired_at < $1::timestamptz ORDER BY retired_at, uuid`,
};

// Locked in one order first, so that two who rotate at once do not wait for each other. New keys are added by what was retired: a
// tenant never has two current ones, not even within the statement.
const REPLACE_CURRENT: Statement<{ readonly replaced: number }> = {
  text: `WITH given AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::timestamptz[])
        AS given (former_uuid, uuid, tenant_uuid, wrapped_key, created_at)
    ), former AS (
      SELECT k.uuid FROM data_keys k JOIN given g ON g.former_uuid = k.uuid AND g.tenant_uuid = k.tenant_uuid
      WHERE k.retired_at IS NULL ORDER BY k.uuid FOR NO KEY UPDATE OF k
    ), retired AS (
      UPDATE data_keys SET retired_at = $6::timestamptz WHERE uuid IN (SELECT uuid FROM former) RETURNING uuid
    ), added AS (
      INSERT INTO data_keys (uuid, tenant_uuid, wrapped_key, created_at)
      SELECT g.uuid, g.tenant_uuid, g.wrapped_key, g.created_at FROM given g JOIN retired r ON r.uuid = g.former_uuid
      RETURNING uuid
    ), any_added AS (
      SELECT FROM added LIMIT 1
    ), audited AS (
      ${insertInto('audit_entries', AUDIT_COLUMNS, 7, 'any_added')}
    )
    SELECT count(*)::integer AS replaced, pg_notify('${DATA_KEYS_CHANNEL}', '') FROM added HAVING count(*) > 0`,
};

const DESTROY: Statement<Pick<DataKeyRow, 'uuid'>> = {
  text: `WITH destroyed AS (
      DELETE FROM data_keys WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid AND retired_at IS NOT NULL RETURNING uuid
    ), audited AS (
      ${insertInto('audit_entries', AUDIT_COLUMNS, 3, 'destroyed')}
    )
    SELECT uuid FROM destroyed`,
};

/** SQLSTATE of a foreign key that refuses: a text is still sealed under the key. */
const FOREIGN_KEY_VIOLATION = '23503';

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

  async listCurrent(): Promise<readonly StoredDataKey[]> {
    return (await this.#statements.run(LIST_CURRENT, [])).map(dataKeyOfRow);
  }

  async replaceCurrent(
    successions: readonly DataKeySuccession[],
    now: Date,
    audit: AuditEntry,
  ): Promise<number> {
    const parameters = [
      successions.map(({ formerId }) => formerId),
      successions.map(({ key }) => key.id),
      successions.map(({ key }) => key.tenantId),
      successions.map(({ key }) => key.wrappedKey),
      successions.map(({ key }) => key.createdAt),
      now,
      ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit)),
    ];
    const [row] = await this.#statements.run(REPLACE_CURRENT, parameters);
    return row?.replaced ?? 0;
  }

  async lastRetirement(): Promise<Date | null> {
    const [row] = await this.#statements.run(LAST_RETIREMENT, []);
    return row?.at ?? null;
  }

  async listRetiredBefore(before: Date): Promise<readonly StoredDataKey[]> {
    return (await this.#statements.run(LIST_RETIRED_BEFORE, [before])).map(dataKeyOfRow);
  }

  async destroy(tenantId: TenantId, id: string, audit: AuditEntry): Promise<boolean> {
    const parameters = [tenantId, id, ...parametersOf(AUDIT_COLUMNS, rowOfAudit(audit))];
    try {
      return (await this.#statements.run(DESTROY, parameters)).length > 0;
    } catch (error) {
      if (error instanceof DatabaseFault && error.code === FOREIGN_KEY_VIOLATION) return false;
      throw error;
    }
  }
}
