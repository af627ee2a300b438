import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { ClaimStatus } from '../ports/stores/legacy-link-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type LinkSealing, type LinkView, linkViews } from '../steps/legacy-lookup.ts';
import { astrayness } from '../steps/rows-of-link.ts';

export interface ListLegacyClaimsCommand {
  readonly actor: Actor;
  /** `null` for both. */
  readonly status: ClaimStatus | null;
  readonly page: PageRequest;
}

interface Dependencies extends LinkSealing {
  readonly unitOfWork: UnitOfWork<'legacyLinks' | 'tenants'>;
  readonly vendorDirectory: VendorDirectory;
}

/** Lists what an admin can decide on, newest first: claims that nothing has proven yet, and proven ones that are disputed. Claims
 * to identifiers of another tenant's vendors are not his to see, so that a page may have fewer than it could. */
export class ListLegacyClaims {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for whoever is no admin */
  async execute({ actor: given, page, status }: ListLegacyClaimsCommand): Promise<Page<LinkView>> {
    const { tenantId } = authorizeMember(given, 'legacy.read-claims');
    const { legacyLinks } = this.#deps.unitOfWork.stores(tenantId);
    const claims = await legacyLinks.listClaims(status, page);
    const isAstray = astrayness(this.#deps);
    const own = [];
    for (const claim of claims.items) if (!(await isAstray(claim))) own.push(claim);
    return linkViews(this.#deps, { ...claims, items: own });
  }
}
