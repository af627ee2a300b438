import { DEFAULT_TENANT_ID } from '../../domain/shared/ids.ts';
import type { Vendor } from '../../domain/legacy/vendor.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * The tenant that a vendor's people and cases belong to.
 *
 * @returns `null` where it was not made yet
 */
export const tenantOfVendor = (
  unitOfWork: UnitOfWork<'tenants'>,
  { tenant }: Pick<Vendor, 'tenant'>,
): Promise<Tenant | null> => unitOfWork.stores(DEFAULT_TENANT_ID).tenants.findBySlug(tenant);
