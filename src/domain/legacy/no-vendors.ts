import { DEFAULT_TENANT_SLUG } from '../shared/ids.ts';
import type { Vendor, VendorScope } from './vendor.ts';
import { normalVendorId } from '../shared/vendor-id.ts';

/** The vendor of this id as far as one is known that nobody has listed: of the practice itself. */
export const unlistedVendor = (vendorId: string | null): Vendor => ({
  vendorId: normalVendorId(vendorId),
  tenant: DEFAULT_TENANT_SLUG,
  privatePool: null,
  identifierKind: null,
});

/** What an installation knows of vendors that lists none: all of them are the practice's own. */
export const NO_VENDORS = {
  find: unlistedVendor,
  scopeOf: (tenantSlug: string): VendorScope => ({
    kind: tenantSlug === DEFAULT_TENANT_SLUG ? 'except' : 'only',
    vendorIds: [],
  }),
  list: (): readonly Vendor[] => [],
};
