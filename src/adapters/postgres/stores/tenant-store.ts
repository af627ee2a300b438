import type { TenantStore } from '../../../application/ports/stores/tenant-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { type Page, type PageRequest, pageOf } from '../../../domain/shared/page.ts';
import { SlugTaken, TenantConflict } from '../../../domain/tenancy/errors.ts';
import type { Tenant } from '../../../domain/tenancy/tenant.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { afterPosition, NEWEST_FIRST, positionOf } from '../keyset.ts';
import { rowOfTenant, TENANT_COLUMNS, type TenantRow, tenantOfRow } from '../rows/tenant-row.ts';
import type { Statement, Statements } from '../statements.ts';

const SELECT = `SELECT ${columnList(TENANT_COLUMNS)} FROM tenants`;

const FIND: Statement<TenantRow> = { text: `${SELECT} WHERE uuid = $1::uuid` };

const FIND_BY_SLUG: Statement<TenantRow> = { text: `${SELECT} WHERE slug = $1::text` };

const LIST: Statement<TenantRow> = {
  text: `${SELECT} WHERE ${afterPosition(1)} ${NEWEST_FIRST} LIMIT $3::integer`,
};

const ADD: Statement<never> = {
  text: insertInto('tenants', TENANT_COLUMNS),
  refusals: { tenants_slug_key: () => new SlugTaken() },
};

const SAVE: Statement<Pick<TenantRow, 'uuid'>> = {
  text: `UPDATE tenants SET name = $2::text, private_pool = $3::text, allow_overflow = $4::boolean,
      quotas = $5::jsonb, password_policy = $6::jsonb, mfa_required = $7::boolean, version = $8::integer,
      due_hours = $9::jsonb
    WHERE uuid = $1::uuid AND version = $8::integer - 1
    RETURNING uuid`,
};

/** Every tenant, in PostgreSQL. */
export class PostgresTenantStore implements TenantStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async find(id: TenantId): Promise<Tenant | null> {
    const [row] = await this.#statements.run(FIND, [id]);
    return row ? tenantOfRow(row) : null;
  }

  async findBySlug(slug: string): Promise<Tenant | null> {
    const [row] = await this.#statements.run(FIND_BY_SLUG, [slug]);
    return row ? tenantOfRow(row) : null;
  }

  async list(request: PageRequest): Promise<Page<Tenant>> {
    const rows = await this.#statements.run(LIST, [...positionOf(request), request.limit + 1]);
    return pageOf(rows.map(tenantOfRow), request.limit);
  }

  async add(tenant: Tenant): Promise<void> {
    await this.#statements.run(ADD, parametersOf(TENANT_COLUMNS, rowOfTenant(tenant)));
  }

  async save(tenant: Tenant): Promise<void> {
    const saved = await this.#statements.run(SAVE, [
      tenant.id,
      tenant.name,
      tenant.privatePool,
      tenant.allowOverflow,
      tenant.quotas,
      tenant.passwordPolicy,
      tenant.mfaRequired,
      tenant.version,
      tenant.dueHours,
    ]);
    if (saved.length === 0) throw new TenantConflict();
  }
}
