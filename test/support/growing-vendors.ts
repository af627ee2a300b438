import type { VendorDirectory } from '../../src/application/ports/legacy/vendor-directory.ts';
import { ConfiguredVendors } from '../../src/adapters/vendors/configured-vendors.ts';
import type { Vendor } from '../../src/domain/legacy/vendor.ts';

/** Vendors that are listed one after the other, as no installation does it: its operator lists all of them before its start. */
export class GrowingVendors implements VendorDirectory {
  #vendors = new ConfiguredVendors([]);

  add(vendor: Vendor): void {
    this.#vendors = new ConfiguredVendors([...this.#vendors.list(), vendor]);
  }

  find(vendorId: string | null): Vendor {
    return this.#vendors.find(vendorId);
  }

  scopeOf(tenantSlug: string): ReturnType<VendorDirectory['scopeOf']> {
    return this.#vendors.scopeOf(tenantSlug);
  }

  list(): readonly Vendor[] {
    return this.#vendors.list();
  }
}
