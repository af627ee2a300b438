import type { Actor } from '../../domain/access/actor.ts';
import { ReasonRejected } from '../../domain/access/errors.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { normalEmail } from '../../domain/shared/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import {
  IdentifierIsPlaceholder,
  IdentifierRejected,
  IdentifierTaken,
  LinkAccountUnknown,
} from '../../domain/legacy/errors.ts';
import {
  isPlaceholder,
  type LegacyIdentifierKind,
  normalIdentifier,
} from '../../domain/legacy/legacy-identifier.ts';
import { claimIdentifier, type LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import { isReason } from '../../domain/shared/reason.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { keepClaim } from '../steps/keep-claim.ts';
import {
  legacyLookup,
  type LegacyLookingUp,
  type LinkSealing,
  sealIdentifier,
  sealLinkReason,
} from '../steps/legacy-lookup.ts';
import { newLink } from '../steps/new-link.ts';
import { type LinkSettling, settleLink } from '../steps/settle-link.ts';
import { stampRest } from '../steps/stamp-rest.ts';

export interface GrantLegacyLinkCommand {
  /** Of the tenant that the account is of. */
  readonly actor: Actor;
  /** Of the account. */
  readonly email: string;
  /** In any spelling; `null` for records that name none. */
  readonly vendorId: string | null;
  readonly kind: LegacyIdentifierKind;
  readonly identifier: string;
  /** Why, in 1 to 1,000 characters. */
  readonly reason: string;
}

/** A link that counts by the operator's word. */
export interface GrantedLink {
  readonly link: LegacyLink;
  /** How many rows it owns. */
  readonly cases: number;
  /** Whether it counted before. */
  readonly already: boolean;
}

interface Dependencies extends LinkSettling, LegacyLookingUp, LinkSealing {
  readonly accountDirectory: AccountDirectory;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'tenants' | 'legacyLinks' | 'cases' | 'audit'>;
}

/** Links an account to an identifier by the operator's approval, without asking its owner, who is not told by mail. */
export class GrantLegacyLink {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The claim is kept with its audit entry, and then the link with its own, with the first hundred rows and their owner: each together or
   * not at all. Broken off between, a claim stays; broken off later, the next backfill gives the other rows. Those that somebody owns
   * already stay his.
   *
   * @throws {Forbidden} for whoever is not the installation itself
   * @throws {ReasonRejected}
   * @throws {IdentifierRejected}
   * @throws {IdentifierIsPlaceholder}
   * @throws {LinkAccountUnknown} where the tenant has no such patient, or the vendor is not of the tenant
   * @throws {IdentifierTaken}
   */
  async execute(command: GrantLegacyLinkCommand): Promise<GrantedLink> {
    const actor = authorizeMember(command.actor, 'legacy.operate');
    const { identifier, kind, reason } = command;
    if (!isReason(reason)) throw new ReasonRejected();
    const normal = normalIdentifier(kind, identifier);
    if (normal === null) throw new IdentifierRejected();
    if (isPlaceholder(kind, normal)) throw new IdentifierIsPlaceholder();
    const lookup = legacyLookup(this.#deps, normalVendorId(command.vendorId), { kind, normal });
    const user = await this.#accountOf(actor.tenantId, command.email, lookup.vendorId);
    const known = await this.#known(user, lookup.hash);
    if (known) return known;

    const { clock, idGenerator, legacyRequests, unitOfWork } = this.#deps;
    const { tenantId } = user;
    const records = await legacyRequests.findByIdentifier(lookup);
    const given = newLink(idGenerator, user, lookup);
    const claimed = {
      ...claimIdentifier(given, null, clock.now()),
      identifier: await sealIdentifier(this.#deps, given, normal),
    };
    // By itself: where the account has a claim already, that one is granted, and the reason is sealed for it.
    const link = await unitOfWork.run(tenantId, (stores) => keepClaim(idGenerator, stores, actor, claimed));
    const decision = { actor, decidedBy: null, reason: await sealLinkReason(this.#deps, link, reason) };
    const settlement = { ...decision, link, proof: 'admin', records } as const;
    const cases = await unitOfWork.run(tenantId, async (stores) => {
      const settled = await settleLink(this.#deps, stores, settlement);
      if (settled === null) throw new IdentifierTaken();
      return settled;
    });
    return { link, cases: cases + (await stampRest(this.#deps, settlement)), already: false };
  }

  async #accountOf(tenantId: string, email: string, vendorId: string | null): Promise<User> {
    const { accountDirectory, unitOfWork, vendorDirectory } = this.#deps;
    const tenant = await unitOfWork.stores(tenantId).tenants.find(tenantId);
    const slug = vendorDirectory.find(vendorId).tenant;
    if (tenant?.slug !== slug) throw new LinkAccountUnknown();
    const { user } = await accountDirectory.find(slug, normalEmail(email));
    if (user?.role !== 'patient') throw new LinkAccountUnknown();
    return user;
  }

  /** @throws {IdentifierTaken} where it is another account's */
  async #known({ id, tenantId }: User, hash: Uint8Array): Promise<GrantedLink | null> {
    const { legacyLinkDirectory, unitOfWork } = this.#deps;
    const [link] = await legacyLinkDirectory.findLinked([hash]);
    if (!link) return null;
    if (link.userId !== id) throw new IdentifierTaken();
    const cases = await unitOfWork.stores(tenantId).legacyLinks.countStamped(link.id);
    return { link, cases, already: true };
  }
}
