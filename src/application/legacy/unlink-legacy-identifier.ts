import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { ClaimDecided } from '../../domain/legacy/errors.ts';
import { isOpen } from '../../domain/legacy/legacy-link.ts';
import type { LegacyLinkId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { addAll, type MailWriting } from '../steps/outbox-mail.ts';
import { type OtherLinksLoading, otherLinksOf } from '../steps/other-links.ts';
import { requireStepUp } from '../steps/require-step-up.ts';
import { decidedByNobody, type LinkSettling, partLink } from '../steps/settle-link.ts';

export interface UnlinkLegacyIdentifierCommand {
  readonly actor: Actor;
  readonly linkId: LegacyLinkId;
}

interface Dependencies extends LinkSettling, MailWriting, Omit<OtherLinksLoading, 'unitOfWork'> {
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'legacyLinks' | 'cases' | 'outbox' | 'audit'
  >;
}

/** Gives up a link, or a claim, of one's own: the rows that it had stamped are as they were before. */
export class UnlinkLegacyIdentifier {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Link, owners of rows, notice and audit entry are kept together or not at all. What is over stays over.
   *
   * @returns `false` where the actor has no such link
   * @throws {StepUpRequired}
   * @throws {ClaimDecided} where it was changed at the same moment
   */
  async execute({ actor: given, linkId }: UnlinkLegacyIdentifierCommand): Promise<boolean> {
    const actor = authorizeUser(given, 'legacy.unlink');
    const { unitOfWork } = this.#deps;
    await requireStepUp(this.#deps, actor);
    const { legacyLinks, users } = unitOfWork.stores(actor.tenantId);
    const [link, user] = await Promise.all([legacyLinks.find(linkId), users.find(actor.userId)]);
    if (!user || link?.userId !== actor.userId) return false;
    if (!isOpen(link)) return true;
    const notices =
      link.status === 'linked' ? [await noticeTo(this.#deps, user, { kind: 'legacy-unlinked' })] : [];
    const others = await otherLinksOf(this.#deps, link);
    await unitOfWork.run(actor.tenantId, async (stores) => {
      const parted = await partLink(this.#deps, stores, { ...decidedByNobody(actor), link }, others);
      if (!parted) throw new ClaimDecided();
      await addAll(stores.outbox, notices);
    });
    return true;
  }
}
