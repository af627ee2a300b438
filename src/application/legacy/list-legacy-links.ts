import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type LinkSealing, type LinkView, linkViews } from '../steps/legacy-lookup.ts';

export interface ListLegacyLinksCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

interface Dependencies extends LinkSealing {
  readonly unitOfWork: UnitOfWork<'legacyLinks'>;
}

/** Lists one's own legacy identifiers, newest first: those that are linked, claimed, suggested, and those that are over. */
export class ListLegacyLinks {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async execute({ actor: given, page }: ListLegacyLinksCommand): Promise<Page<LinkView>> {
    const { tenantId, userId } = authorizeUser(given, 'legacy.link');
    const { legacyLinks } = this.#deps.unitOfWork.stores(tenantId);
    return linkViews(this.#deps, await legacyLinks.listOf(userId, page));
  }
}
