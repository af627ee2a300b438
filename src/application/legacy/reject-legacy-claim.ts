import { ClaimDecided } from '../../domain/legacy/errors.ts';
import { rejectLink } from '../../domain/legacy/legacy-link.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type ClaimDecisionCommand, type ClaimDeciding, claimToDecide } from '../steps/claim-decision.ts';
import { type LinkView, openIdentifier } from '../steps/legacy-lookup.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { addAll, type MailWriting } from '../steps/outbox-mail.ts';

interface Dependencies extends MailWriting, Omit<ClaimDeciding, 'unitOfWork'> {
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'legacyLinks' | 'outbox' | 'audit'>;
}

/** Refuses a claim, on an admin's word. Whoever has the identifier keeps it; whoever claimed it is told, and may claim it again. */
export class RejectLegacyClaim {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Claim, notice and audit entry are kept together or not at all.
   *
   * @returns `null` where the tenant has no such claim
   * @throws {Forbidden} for whoever is no admin
   * @throws {ReasonRejected}
   * @throws {ClaimDecided} where it was decided before, or at the same moment
   */
  async execute(command: ClaimDecisionCommand): Promise<LinkView | null> {
    const found = await claimToDecide(this.#deps, command);
    if (!found) return null;
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const { actor, claim, decision } = found;
    const identifier = await openIdentifier(this.#deps, claim);
    const user = await unitOfWork.stores(actor.tenantId).users.find(claim.userId);
    const notices = user?.isActive
      ? [await noticeTo(this.#deps, user, { kind: 'legacy-claim-rejected' })]
      : [];
    const now = clock.now();
    const link = rejectLink(claim, decision.decidedBy, now);
    const subject = { type: 'legacy-link', id: claim.id };
    const act = {
      action: 'legacy.claim-rejected',
      subject,
      details: { user: claim.userId, kind: claim.kind },
    };
    await unitOfWork.run(actor.tenantId, async (stores) => {
      if (!(await stores.legacyLinks.save(link, decision.reason))) throw new ClaimDecided();
      await addAll(stores.outbox, notices);
      await stores.audit.add(auditEntryOf(idGenerator, actor, act, now));
    });
    return { link, identifier };
  }
}
