import { type LegacyLink, isCodeOf } from '../../domain/legacy/legacy-link.ts';
import { identifiersOf } from '../../domain/legacy/legacy-record.ts';
import type { LegacySubject } from '../../domain/legacy/legacy-session.ts';
import type { AssertionVerifier } from '../ports/legacy/assertion-verifier.ts';
import type { LegacySessions } from '../ports/legacy/legacy-sessions.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { VendorStatements } from '../ports/legacy/vendor-statements.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { Clock } from '../ports/system/clock.ts';
import { legacyLinkCodeHash } from './legacy-link-code.ts';
import { takeTicket, type TicketTaking } from './legacy-ticket.ts';

/** What somebody shows for an identifier to be his. */
export type LegacyProof =
  /** The code that went to a contact of the legacy record. */
  | { readonly method: 'code'; readonly code: string }
  /** A JWT of the vendor, whose nonce is the id of the link. */
  | { readonly method: 'vendor-statement'; readonly jwt: string }
  /** The ticket that a live legacy session was exchanged for. */
  | { readonly method: 'session'; readonly ticket: string }
  /** An assertion of the tenant's identity provider that carries the identifier. */
  | { readonly method: 'sso-assertion'; readonly assertion: string };

/** What judging a proof needs. */
export interface ProofChecking extends TicketTaking {
  /** `null` where nobody's assertions are taken. */
  readonly assertionVerifier: AssertionVerifier | null;
  readonly clock: Clock;
  readonly keyedHash: KeyedHash;
  readonly legacySessions: LegacySessions;
  readonly vendorDirectory: VendorDirectory;
  readonly vendorStatements: VendorStatements;
}

/**
 * Whether a proof shows that a link's identifier is its account's own. Tickets and codes are looked at once: a ticket is used up.
 *
 * @param normal the identifier, in its normal form
 * @throws {Unavailable} where whoever could tell is out of reach
 */
export async function checkLinkProof(
  deps: ProofChecking,
  link: LegacyLink,
  normal: string,
  proof: LegacyProof,
): Promise<boolean> {
  const now = deps.clock.now();
  const { id: nonce, kind, tenantId, vendorId } = link;
  switch (proof.method) {
    case 'code':
      return isCodeOf(link, legacyLinkCodeHash(deps.keyedHash, link, proof.code.trim()), now);
    case 'vendor-statement':
      return deps.vendorStatements.verify(vendorId, proof.jwt, { nonce, kind, identifier: normal }, now);
    case 'session':
      return checkTicket(deps, link, normal, proof.ticket);
    case 'sso-assertion': {
      const asserted = { tenantId, nonce, vendorId, kind, identifier: normal };
      return (await deps.assertionVerifier?.verify(proof.assertion, asserted, now)) ?? false;
    }
  }
}

/** The session has to live still, and to be the same person's: the ticket tells only how it was. */
async function checkTicket(
  deps: ProofChecking,
  { kind, vendorId }: LegacyLink,
  normal: string,
  ticket: string,
): Promise<boolean> {
  const now = deps.clock.now();
  const taken = await takeTicket(deps, ticket, now);
  const live = taken && (await deps.legacySessions.find(taken.sid, now));
  if (!taken || !live?.subject || !isSamePerson(live.subject, taken.subject)) return false;
  if (taken.subject.vendorId !== vendorId) return false;
  const { identifierKind } = deps.vendorDirectory.find(vendorId);
  return identifiersOf(taken.subject, identifierKind).some(
    (own) => own.kind === kind && own.normal === normal,
  );
}

const isSamePerson = (live: LegacySubject, taken: LegacySubject): boolean =>
  live.userId === taken.userId && live.identifier === taken.identifier;
