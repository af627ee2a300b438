import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { DEFAULT_TENANT_ID, type TenantId } from '../../domain/shared/ids.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { legacyLookup, type LegacyLookingUp, type LinkSealing, openIdentifier } from './legacy-lookup.ts';

/** What finding the rows of a link needs. */
export interface LinkRowsFinding extends LegacyLookingUp, LinkSealing {
  readonly legacyRequests: LegacyRequests;
}

/** The rows that say the identifier of a link at this moment. */
export async function rowsOfLink(deps: LinkRowsFinding, link: StoredLink): Promise<readonly LegacyRecord[]> {
  const normal = await openIdentifier(deps, link);
  return deps.legacyRequests.findByIdentifier(legacyLookup(deps, link.vendorId, { kind: link.kind, normal }));
}

/** Whether the vendor of a link belongs to another tenant than its account: the operator has moved it since. */
export type IsAstray = (link: Pick<LegacyLink, 'tenantId' | 'vendorId'>) => Promise<boolean>;

/** Tells it of many links: each tenant is looked up once. */
export function astrayness({
  unitOfWork,
  vendorDirectory,
}: Pick<LegacyLookingUp, 'vendorDirectory'> & { readonly unitOfWork: UnitOfWork<'tenants'> }): IsAstray {
  const { tenants } = unitOfWork.stores(DEFAULT_TENANT_ID);
  const known = new Map<string, Promise<TenantId | null>>();
  return async ({ tenantId, vendorId }) => {
    const { tenant: slug } = vendorDirectory.find(vendorId);
    const found = known.get(slug) ?? tenants.findBySlug(slug).then((tenant) => tenant?.id ?? null);
    known.set(slug, found);
    return (await found) !== tenantId;
  };
}
