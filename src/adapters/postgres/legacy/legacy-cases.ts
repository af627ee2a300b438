import type { VendorDirectory } from '../../../application/ports/legacy/vendor-directory.ts';
import { NO_VENDORS } from '../../../domain/legacy/no-vendors.ts';
import type { VendorScope } from '../../../domain/legacy/vendor.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG, type TenantId } from '../../../domain/shared/ids.ts';
import type { Statement, Statements } from '../statements.ts';
import { LegacyShape, type LegacyStatement } from './legacy-shape.ts';

const FIND_SLUG: Statement<{ readonly slug: string }> = {
  text: 'SELECT slug FROM tenants WHERE uuid = $1::uuid',
};

/** What stores need to know of an installation to find its legacy cases: how the rows look, and which tenant has which. */
export class LegacyCases {
  readonly #vendors: VendorDirectory;
  /** Slugs never change. */
  readonly #slugs = new Map<TenantId, string>([[DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG]]);
  readonly #shape: LegacyShape;

  /** @param vendors none is listed unless told */
  constructor(vendors: VendorDirectory = NO_VENDORS, shape = new LegacyShape()) {
    this.#vendors = vendors;
    this.#shape = shape;
  }

  /** Runs a statement in the words of this installation. */
  run<Row>(
    statements: Statements,
    statement: LegacyStatement<Row>,
    parameters: readonly unknown[],
  ): Promise<readonly Row[]> {
    return this.#shape.run(statements, statement, parameters);
  }

  /** Whose rows are the tenant's. @returns `null` where it has no vendor, and so no legacy cases */
  async vendorsOf(tenantId: TenantId, statements: Statements): Promise<VendorScope | null> {
    const slug = await this.#slugOf(tenantId, statements);
    const scope = slug === null ? null : this.#vendors.scopeOf(slug);
    return scope?.kind === 'only' && scope.vendorIds.length === 0 ? null : scope;
  }

  async #slugOf(tenantId: TenantId, statements: Statements): Promise<string | null> {
    const known = this.#slugs.get(tenantId);
    // Where nobody lists vendors, all of them are the practice's.
    if (known !== undefined || this.#vendors.list().length === 0) return known ?? null;
    const [tenant] = await statements.run(FIND_SLUG, [tenantId]);
    if (tenant) this.#slugs.set(tenantId, tenant.slug);
    return tenant?.slug ?? null;
  }
}
