import type { Adapters } from '../application/adapters.ts';
import { tenantOfVendor } from '../application/steps/vendor-tenant.ts';

/** Tells which tenants the list of vendors names that do not exist yet: until they are made, nobody sees what belongs to them. */
export async function tellMissingTenants(
  { unitOfWork, vendorDirectory }: Pick<Adapters, 'unitOfWork' | 'vendorDirectory'>,
  tell: (event: string) => void,
): Promise<void> {
  const slugs = new Set(vendorDirectory.list().map(({ tenant }) => tenant));
  const missing: string[] = [];
  for (const tenant of slugs) {
    if (!(await tenantOfVendor(unitOfWork, { tenant }))) missing.push(tenant);
  }
  if (missing.length > 0) tell(`VENDORS names tenants that do not exist yet: ${missing.sort().join(', ')}`);
}
