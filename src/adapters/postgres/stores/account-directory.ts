import type {
  AccountDirectory,
  DirectoryEntry,
} from '../../../application/ports/stores/account-directory.ts';
import { NO_FACTORS } from '../../../domain/access/second-factor.ts';
import { columnList } from '../columns.ts';
import { factorsOfRow, type FactorsRow, SELECT_FACTORS } from '../rows/factors-row.ts';
import { TENANT_COLUMNS, type TenantRow, tenantOfRow } from '../rows/tenant-row.ts';
import { USER_COLUMNS, type UserRow, userOfRow } from '../rows/user-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** A tenant's columns under names that leave room for those of a user. */
type PrefixedTenantRow = { readonly [Column in keyof TenantRow as `tenant__${Column}`]: TenantRow[Column] };
type UserRowOrNone = UserRow | { readonly [Column in keyof UserRow]: null };

const tenantColumns = Object.keys(TENANT_COLUMNS).map((column) => `tenants.${column} AS tenant__${column}`);

const FIND: Statement<PrefixedTenantRow & UserRowOrNone & FactorsRow> = {
  text: `SELECT ${tenantColumns.join(', ')}, ${columnList(USER_COLUMNS, 'users')},
      ${SELECT_FACTORS}
    FROM tenants LEFT JOIN users ON users.tenant_uuid = tenants.uuid AND lower(users.email) = lower($2::text)
    WHERE tenants.slug = $1::text`,
};

/** Accounts of all tenants, in PostgreSQL. */
export class PostgresAccountDirectory implements AccountDirectory {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async find(tenantSlug: string, email: string): Promise<DirectoryEntry> {
    const [row] = await this.#statements.run(FIND, [tenantSlug, email]);
    if (!row) return { tenant: null, user: null, factors: NO_FACTORS };
    return {
      tenant: tenantOfRow(withoutPrefix(row)),
      user: row.uuid === null ? null : userOfRow(row),
      factors: factorsOfRow(row),
    };
  }
}

const withoutPrefix = (row: PrefixedTenantRow): TenantRow => ({
  uuid: row.tenant__uuid,
  slug: row.tenant__slug,
  name: row.tenant__name,
  private_pool: row.tenant__private_pool,
  allow_overflow: row.tenant__allow_overflow,
  quotas: row.tenant__quotas,
  password_policy: row.tenant__password_policy,
  due_hours: row.tenant__due_hours,
  mfa_required: row.tenant__mfa_required,
  created_at: row.tenant__created_at,
  version: row.tenant__version,
});
