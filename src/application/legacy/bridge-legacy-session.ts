import { Unauthenticated } from '../../domain/access/errors.ts';
import type { LegacyBond, SessionClient } from '../../domain/access/session.ts';
import { LegacyLinkRequired } from '../../domain/legacy/errors.ts';
import { isBridgeOpen } from '../../domain/legacy/legacy-bridge.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacySubject } from '../../domain/legacy/legacy-session.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import type { LegacyCookies } from '../ports/legacy/legacy-cookies.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { continueSignIn, type SignInContinuing, type SignInOutcome } from '../steps/continue-sign-in.ts';
import { findLegacySession, type LegacySessionFinding } from '../steps/legacy-bond.ts';
import { issueTicket, type TicketIssuing } from '../steps/legacy-ticket.ts';
import { loadAccount } from '../steps/load-account.ts';
import type { LegacyLookingUp } from '../steps/legacy-lookup.ts';
import { speaksForHimAlone, subjectLookups } from '../steps/subject-lookups.ts';

export interface BridgeLegacySessionCommand {
  /** The signed cookie of the legacy service, percent-encoded or not, with its name in front or not. */
  readonly cookie: string;
  /** The vendor of sessions that name none themselves. */
  readonly vendorId?: string | undefined;
  readonly client: SessionClient;
}

interface Dependencies
  extends Omit<SignInContinuing, 'unitOfWork'>, LegacySessionFinding, LegacyLookingUp, TicketIssuing {
  readonly legacyRequests: LegacyRequests;
  readonly legacyCookies: LegacyCookies;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly unitOfWork: UnitOfWork<
    | 'users'
    | 'tenants'
    | 'sessions'
    | 'secondFactors'
    | 'signInChallenges'
    | 'oneTimeTokens'
    | 'cases'
    | 'audit'
  >;
}

/**
 * Exchanges a live session of the legacy service for one of ours: for the account that the person behind it is linked to, as the first
 * proof of a sign-in. What comes of it lives no longer than the legacy session, and ends with it at its next refresh.
 */
export class BridgeLegacySession {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the operator does not take legacy sessions (any more)
   * @throws {Unauthenticated} for whatever is no live session of somebody, and for accounts that are disabled, or of physicians or
   *   admins: one answer for all
   * @throws {LegacyLinkRequired} with a ticket, where the person has no account yet
   * @throws {EmailNotVerified} where the installation demands a confirmed address
   */
  async execute({ cookie, vendorId, client }: BridgeLegacySessionCommand): Promise<SignInOutcome | null> {
    const { clock, legacyCookies, settings } = this.#deps;
    const now = clock.now();
    if (!isBridgeOpen(settings.legacyBridge, now)) return null;
    const sid = legacyCookies.sidOf(cookie);
    const session = sid === null ? null : await findLegacySession(this.#deps, sid, now);
    if (sid === null || session === null) throw new Unauthenticated();
    const ownVendorId = session.subject.vendorId ?? normalVendorId(vendorId ?? null);
    const subject = { ...session.subject, vendorId: ownVendorId };
    const link = await this.#linkTo(subject);
    if (!link) throw new LegacyLinkRequired(await issueTicket(this.#deps, sid, subject, now));
    const outcome = await this.#admit(link, { sid, expiresAt: session.expiresAt }, client);
    if (outcome) return outcome;
    await this.#recordRefusal(link);
    throw new Unauthenticated();
  }

  /** Of two links, that to the legacy service's own id of the person counts. */
  async #linkTo(subject: LegacySubject): Promise<LegacyLink | null> {
    const lookups = subjectLookups(this.#deps, subject);
    const links = await this.#deps.legacyLinkDirectory.findLinked(lookups.map(({ hash }) => hash));
    for (const lookup of lookups) {
      const link = links.find(({ identifierHash }) => sameOctets(identifierHash, lookup.hash));
      if (link && (await speaksForHimAlone(this.#deps, subject, lookup))) return link;
    }
    return null;
  }

  async #admit(
    { tenantId, userId }: LegacyLink,
    legacy: LegacyBond,
    client: SessionClient,
  ): Promise<SignInOutcome | null> {
    const { unitOfWork } = this.#deps;
    const [account, factors] = await Promise.all([
      loadAccount(unitOfWork, tenantId, userId),
      unitOfWork.stores(tenantId).secondFactors.summary(userId),
    ]);
    if (account?.user.role !== 'patient') return null;
    const proven = { ...account, factors, amr: ['legacy_session'], client, legacy } as const;
    const outcome = await continueSignIn(this.#deps, proven);
    return outcome === 'overtaken' ? null : outcome;
  }

  async #recordRefusal({ tenantId, userId }: LegacyLink): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const subject = { type: 'user', id: userId };
    const act = { action: 'access.legacy-session-refused', subject };
    const entry = auditEntryOf(idGenerator, { kind: 'anonymous', tenantId }, act, clock.now());
    await unitOfWork.stores(tenantId).audit.add(entry);
  }
}
