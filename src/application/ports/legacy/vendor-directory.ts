import type { Vendor, VendorScope } from '../../../domain/legacy/vendor.ts';

/** Which vendor belongs to whom, as the operator configured it. Tenants are named by slug: they may be made after the start. */
export interface VendorDirectory {
  /**
   * @param vendorId in any spelling; `null` and one that is not listed are the practice's own: tenant `default`, no pool, no kind
   */
  readonly find: (vendorId: string | null) => Vendor;
  /** Whose rows belong to the tenant: those of its vendors only, and for the practice itself those of all that have no other tenant. */
  readonly scopeOf: (tenantSlug: string) => VendorScope;
  /** Every vendor that is listed, by its id. */
  readonly list: () => readonly Vendor[];
}
