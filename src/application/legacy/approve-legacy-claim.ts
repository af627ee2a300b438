import {
  ClaimDecided,
  IdentifierIsPlaceholder,
  IdentifierTaken,
  LinkAccountUnknown,
} from '../../domain/legacy/errors.ts';
import { isPlaceholder } from '../../domain/legacy/legacy-identifier.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { User } from '../../domain/identity/user.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type ClaimDecisionCommand, type ClaimDeciding, claimToDecide } from '../steps/claim-decision.ts';
import { legacyLookup, type LegacyLookingUp, openIdentifier } from '../steps/legacy-lookup.ts';
import { noticeTo } from '../steps/notice-to.ts';
import type { MailWriting } from '../steps/outbox-mail.ts';
import { otherLinksOf } from '../steps/other-links.ts';
import { type LinkSettling, partLink, settleLink } from '../steps/settle-link.ts';
import { stampRest } from '../steps/stamp-rest.ts';

interface Dependencies extends LinkSettling, LegacyLookingUp, MailWriting, Omit<ClaimDeciding, 'unitOfWork'> {
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'legacyLinks' | 'cases' | 'outbox' | 'audit'>;
}

/** A claim that counts by now. */
export interface ApprovedClaim {
  readonly link: LegacyLink;
  readonly identifier: string;
  /** How many rows are the account's by this. */
  readonly cases: number;
}

/**
 * Gives an identifier to the account that claims it, on an admin's word. Whoever had it loses it, and the rows that his link had stamped;
 * rows that somebody has by another identifier stay his. Both are told.
 */
export class ApproveLegacyClaim {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Both links, the owners of rows, notices and audit entries are kept together or not at all.
   *
   * @returns `null` where the tenant has no such claim
   * @throws {Forbidden} for whoever is no admin
   * @throws {ReasonRejected}
   * @throws {ClaimDecided} where it was decided before, or at the same moment
   * @throws {IdentifierIsPlaceholder} for what stands for nobody: it can only be rejected
   * @throws {LinkAccountUnknown} where the claimant's account is disabled, or a patient's no more
   */
  async execute(command: ClaimDecisionCommand): Promise<ApprovedClaim | null> {
    const found = await claimToDecide(this.#deps, command);
    if (!found) return null;
    const { legacyLinkDirectory, legacyRequests, unitOfWork } = this.#deps;
    const { actor, claim, decision } = found;
    const { kind, identifierHash, vendorId } = claim;
    const identifier = await openIdentifier(this.#deps, claim);
    if (isPlaceholder(kind, identifier)) throw new IdentifierIsPlaceholder();
    const claimant = await this.#active(claim);
    if (claimant?.role !== 'patient') throw new LinkAccountUnknown();
    const records = await legacyRequests.findByIdentifier(
      legacyLookup(this.#deps, vendorId, { kind, normal: identifier }),
    );
    const [former] = await legacyLinkDirectory.findLinked([identifierHash]);
    const others = former ? await otherLinksOf(this.#deps, former) : [];
    const notices = await this.#notices(claimant, former);
    const settlement = { ...decision, link: claim, proof: 'admin', records } as const;
    try {
      const settled = await unitOfWork.run(actor.tenantId, async (stores, elsewhere) => {
        for (const notice of notices) await elsewhere(notice.tenantId).outbox.add(notice);
        if (former) {
          // The admin is of the claim's tenant, whose keys seal his reason: the former owner's tenant need not be that.
          const parting = {
            actor: { ...actor, tenantId: former.tenantId },
            decidedBy: null,
            reason: null,
            link: former,
          };
          if (!(await partLink(this.#deps, elsewhere(former.tenantId), parting, others))) {
            throw new ClaimDecided();
          }
        }
        const cases = await settleLink(this.#deps, stores, settlement);
        if (cases === null) throw new ClaimDecided();
        return cases;
      });
      const cases = settled + (await stampRest(this.#deps, settlement));
      const link = await unitOfWork.stores(actor.tenantId).legacyLinks.find(claim.id);
      return { link: link ?? claim, identifier, cases };
    } catch (error) {
      throw error instanceof IdentifierTaken ? new ClaimDecided() : error;
    }
  }

  async #notices(claimant: User, former: LegacyLink | undefined): Promise<readonly OutboxEntry[]> {
    const owner = former && (await this.#active(former));
    return [
      await noticeTo(this.#deps, claimant, { kind: 'legacy-claim-approved' }),
      ...(owner ? [await noticeTo(this.#deps, owner, { kind: 'legacy-claim-lost' })] : []),
    ];
  }

  async #active({ tenantId, userId }: LegacyLink): Promise<User | null> {
    const user = await this.#deps.unitOfWork.stores(tenantId).users.find(userId);
    return user?.isActive ? user : null;
  }
}
