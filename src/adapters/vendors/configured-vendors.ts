import type { VendorDirectory } from '../../application/ports/legacy/vendor-directory.ts';
import { unlistedVendor } from '../../domain/legacy/no-vendors.ts';
import type { Vendor, VendorScope } from '../../domain/legacy/vendor.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import { DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';

/** The vendors that the operator lists, in memory from the start on. */
export class ConfiguredVendors implements VendorDirectory {
  readonly #vendors: ReadonlyMap<string | null, Vendor>;

  /** @param vendors each once, by its id in normal form */
  constructor(vendors: readonly Vendor[]) {
    this.#vendors = new Map(vendors.map((vendor) => [vendor.vendorId, vendor]));
  }

  find(vendorId: string | null): Vendor {
    const normal = normalVendorId(vendorId);
    const listed = normal === null ? undefined : this.#vendors.get(normal);
    return listed ?? unlistedVendor(normal);
  }

  scopeOf(tenantSlug: string): VendorScope {
    const isPractice = tenantSlug === DEFAULT_TENANT_SLUG;
    const listed = this.list().filter(({ tenant }) => (tenant === tenantSlug) !== isPractice);
    const vendorIds = listed.flatMap(({ vendorId }) => vendorId ?? []);
    return { kind: isPractice ? 'except' : 'only', vendorIds };
  }

  list(): readonly Vendor[] {
    return [...this.#vendors.values()];
  }
}
