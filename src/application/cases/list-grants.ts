import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type GrantView, openGrant } from '../steps/open-grant.ts';

export interface ListGrantsCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<'breakGlass'>;
}

/** Lists the leaves that admins of the tenant gave themselves to read cases, with their reasons and reviews, newest first. */
export class ListGrants {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for whoever is no admin */
  async execute({ actor: given, page }: ListGrantsCommand): Promise<Page<GrantView>> {
    const actor = authorizeMember(given, 'cases.review-break-glass');
    const { textCipher, unitOfWork } = this.#deps;
    const { items, next } = await unitOfWork.stores(actor.tenantId).breakGlass.list(page);
    return { items: await Promise.all(items.map((stored) => openGrant(textCipher, stored))), next };
  }
}
