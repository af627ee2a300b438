import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { legacyLookup, type LegacyLookingUp, type LinkSealing, openIdentifier } from './legacy-lookup.ts';
import type { OtherLinks } from './settle-link.ts';

/** What loading an account's other links needs. */
export interface OtherLinksLoading extends LegacyLookingUp, LinkSealing {
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'legacyLinks'>;
}

/** The links that the account of a link has besides it, each with the rows that say its identifier. */
export async function otherLinksOf(
  deps: OtherLinksLoading,
  { id, tenantId, userId }: LegacyLink,
): Promise<OtherLinks> {
  const linked = await deps.unitOfWork.stores(tenantId).legacyLinks.listLinked(userId);
  const others = linked.filter((link) => link.id !== id);
  return Promise.all(
    others.map(async (link) => {
      const normal = await openIdentifier(deps, link);
      const lookup = legacyLookup(deps, link.vendorId, { kind: link.kind, normal });
      // As they will be once the link has gone: what stamping asks is that nobody owns them.
      const records = await deps.legacyRequests.findByIdentifier(lookup);
      return { link, records };
    }),
  );
}
