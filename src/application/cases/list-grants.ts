import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type GrantView, openGrant } from '../steps/open-grant.ts';

export interface ListGrantsCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<'breakGlass' | 'audit'>;
}

/** Lists the leaves that admins of the tenant gave themselves to read cases, with their reasons and reviews, newest first. */
export class ListGrants {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Nobody reads the reasons without an audit entry, one for each page.
   *
   * @throws {Forbidden} for whoever is no admin
   */
  async execute({ actor: given, page }: ListGrantsCommand): Promise<Page<GrantView>> {
    const actor = authorizeMember(given, 'cases.review-break-glass');
    const { clock, idGenerator, textCipher, unitOfWork } = this.#deps;
    const { items, next } = await unitOfWork.run(actor.tenantId, async ({ breakGlass, audit }) => {
      const found = await breakGlass.list(page);
      const act = { action: 'cases.grants-read', subject: null, details: { count: found.items.length } };
      await audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
      return found;
    });
    return { items: await Promise.all(items.map((stored) => openGrant(textCipher, stored))), next };
  }
}
