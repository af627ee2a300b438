import type { TenantStore } from '../application/ports/stores/tenant-store.ts';
import type { Vendor } from '../domain/legacy/vendor.ts';

/** Slugs of the tenants that vendors belong to and that do not exist yet, each once, in their order. */
export async function missingTenants(
  tenants: Pick<TenantStore, 'findBySlug'>,
  vendors: readonly Pick<Vendor, 'tenant'>[],
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const slug of new Set(vendors.map(({ tenant }) => tenant))) {
    if (!(await tenants.findBySlug(slug))) missing.push(slug);
  }
  return missing.sort();
}
