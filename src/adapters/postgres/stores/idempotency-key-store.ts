import type {
  IdempotencyClaim,
  IdempotencyKeyStore,
  IdempotencyRecord,
} from '../../../application/ports/stores/idempotency-key-store.ts';
import { Unavailable } from '../../../domain/access/errors.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import {
  IDEMPOTENCY_KEY_COLUMNS,
  type IdempotencyKeyRow,
  idempotencyOfRow,
  rowOfIdempotency,
} from '../rows/idempotency-key-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Who claims a key holds an advisory lock of this class ("ONCE" in ASCII) until his transaction ends. */
const CLAIMS = 0x4f_4e_43_45;

const LOCK: Statement<{ readonly locked: boolean }> = {
  text: 'SELECT pg_try_advisory_xact_lock($1::integer, $2::integer) AS locked',
};

type ClaimRow = { readonly claimed: boolean } & (
  | IdempotencyKeyRow
  /** Where the statement saw no row when it began. */
  | { readonly [Column in keyof IdempotencyKeyRow]: null }
);

const RENEWED = Object.keys(IDEMPOTENCY_KEY_COLUMNS)
  .filter((column) => column !== 'key_hash')
  .map((column) => `${column} = excluded.${column}`);

// A statement of its own, behind the lock: one that took the lock itself would not see what its last owner kept.
const CLAIM: Statement<ClaimRow> = {
  text: `WITH claimed AS (
      ${insertInto('idempotency_keys AS known', IDEMPOTENCY_KEY_COLUMNS)}
      ON CONFLICT (key_hash) DO UPDATE SET ${RENEWED.join(', ')}
      WHERE known.expires_at <= excluded.created_at AND known.tenant_uuid = excluded.tenant_uuid
      RETURNING known.key_hash
    )
    SELECT EXISTS (SELECT FROM claimed) AS claimed, ${columnList(IDEMPOTENCY_KEY_COLUMNS, 'known')}
    FROM (VALUES ($1::bytea)) AS asked (key_hash) LEFT JOIN idempotency_keys AS known USING (key_hash)`,
};

const FIND: Statement<IdempotencyKeyRow> = {
  text: `SELECT ${columnList(IDEMPOTENCY_KEY_COLUMNS)} FROM idempotency_keys
    WHERE tenant_uuid = $1::uuid AND key_hash = $2::bytea AND $3::timestamptz < expires_at`,
};

/** What the keys of one tenant's callers stand for, in PostgreSQL. */
export class PostgresIdempotencyKeyStore implements IdempotencyKeyStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;

  constructor(statements: Statements, tenantId: TenantId) {
    this.#statements = statements;
    this.#tenantId = tenantId;
  }

  async find(keyHash: Uint8Array, now: Date): Promise<IdempotencyRecord | null> {
    const [row] = await this.#statements.run(FIND, [this.#tenantId, keyHash, now]);
    return row ? idempotencyOfRow(row) : null;
  }

  async claim(record: IdempotencyRecord): Promise<IdempotencyClaim> {
    assertOwnTenant(this.#tenantId, record);
    const [lock] = await this.#statements.run(LOCK, [CLAIMS, lockOf(record)]);
    if (lock?.locked !== true) return { kind: 'in-use' };
    const parameters = parametersOf(IDEMPOTENCY_KEY_COLUMNS, rowOfIdempotency(record));
    const [row] = await this.#statements.run(CLAIM, parameters);
    if (row?.claimed) return { kind: 'claimed' };
    // Without a unit of work nothing holds the lock, and a row may have come while the statement ran.
    if (row?.key_hash == null) throw new Unavailable();
    const known = idempotencyOfRow(row);
    assertOwnTenant(this.#tenantId, known);
    return { kind: 'known', record: known };
  }
}

/** The key as a number: of two that have the same by chance, one is told that it is in use while the other is. */
const lockOf = ({ keyHash }: IdempotencyRecord): number => Buffer.from(keyHash).readInt32BE();
