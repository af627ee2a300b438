import type { Actor, SystemActor, UserActor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { ReasonRejected } from '../../domain/access/errors.ts';
import { ClaimDecided } from '../../domain/legacy/errors.ts';
import { isClaim } from '../../domain/legacy/legacy-link.ts';
import type { LegacyLinkId } from '../../domain/shared/ids.ts';
import { isReason } from '../../domain/shared/reason.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type LinkSealing, sealLinkReason } from './legacy-lookup.ts';
import { astrayness } from './rows-of-link.ts';
import type { LinkDecision } from './settle-link.ts';

/** An admin's decision, as he asks for it. */
export interface ClaimDecisionCommand {
  readonly actor: Actor;
  readonly claimId: LegacyLinkId;
  /** Why, in 1 to 1,000 characters; kept encrypted with the link. */
  readonly reason: string;
}

/** What preparing a decision needs. */
export interface ClaimDeciding extends LinkSealing {
  readonly unitOfWork: UnitOfWork<'legacyLinks' | 'tenants'>;
  readonly vendorDirectory: VendorDirectory;
}

/** A claim, and the decision on it. */
export interface DecidedClaim {
  readonly actor: UserActor | SystemActor;
  readonly claim: StoredLink;
  readonly decision: LinkDecision;
}

/**
 * Loads the claim that an admin decides on.
 *
 * @returns `null` where his tenant has no such claim, or the vendor whose identifier it is belongs to another tenant: whose that is, is not
 *   his to decide
 * @throws {Forbidden} for whoever is no admin
 * @throws {ReasonRejected}
 * @throws {ClaimDecided}
 */
export async function claimToDecide(
  deps: ClaimDeciding,
  { actor: given, claimId, reason }: ClaimDecisionCommand,
): Promise<DecidedClaim | null> {
  const actor = authorizeMember(given, 'legacy.decide');
  if (!isReason(reason)) throw new ReasonRejected();
  const claim = await deps.unitOfWork.stores(actor.tenantId).legacyLinks.find(claimId);
  if (!claim || (await astrayness(deps)(claim))) return null;
  if (!isClaim(claim)) throw new ClaimDecided();
  const decidedBy = actor.kind === 'user' ? actor.userId : null;
  return { actor, claim, decision: { actor, decidedBy, reason: await sealLinkReason(deps, claim, reason) } };
}
