import type { Adapters } from '../application/adapters.ts';
import { DEFAULT_TENANT_ID } from '../domain/shared/ids.ts';
import { missingTenants } from './missing-tenants.ts';

/** Tells which tenants the list of vendors names that do not exist yet: until they are made, nobody sees what belongs to them. */
export async function tellMissingTenants(
  { unitOfWork, vendorDirectory }: Pick<Adapters, 'unitOfWork' | 'vendorDirectory'>,
  tell: (event: string) => void,
): Promise<void> {
  const { tenants } = unitOfWork.stores(DEFAULT_TENANT_ID);
  const missing = await missingTenants(tenants, vendorDirectory.list());
  if (missing.length > 0) tell(`VENDORS names tenants that do not exist yet: ${missing.join(', ')}`);
}
