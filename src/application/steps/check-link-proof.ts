import { type LegacyLink, isCodeOf } from '../../domain/legacy/legacy-link.ts';
import { identifiersOf, type LegacyRecord } from '../../domain/legacy/legacy-record.ts';
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

/** What a proof says of the person besides: the records must be of nobody else. */
export interface ProofWitness {
  readonly said: readonly Pick<LegacyRecord, 'userId'>[];
}

const NOTHING_ELSE: ProofWitness = { said: [] };

/**
 * Whether a proof shows that a link's identifier is its account's own. A ticket is used up by it.
 *
 * @param normal the identifier, in its normal form
 * @returns `null` where it does not
 * @throws {Unavailable} where whoever could tell is out of reach
 */
export async function checkLinkProof(
  deps: ProofChecking,
  link: LegacyLink,
  normal: string,
  proof: LegacyProof,
): Promise<ProofWitness | null> {
  if (proof.method === 'session') return checkTicket(deps, link, normal, proof.ticket);
  return (await isProven(deps, link, normal, proof)) ? NOTHING_ELSE : null;
}

async function isProven(
  deps: ProofChecking,
  link: LegacyLink,
  normal: string,
  proof: Exclude<LegacyProof, { readonly method: 'session' }>,
): Promise<boolean> {
  const now = deps.clock.now();
  const { id: nonce, kind, tenantId, vendorId } = link;
  switch (proof.method) {
    case 'code':
      return isCodeOf(link, legacyLinkCodeHash(deps.keyedHash, link, proof.code.trim()), now);
    case 'vendor-statement':
      return deps.vendorStatements.verify(vendorId, proof.jwt, { nonce, kind, identifier: normal }, now);
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
): Promise<ProofWitness | null> {
  const now = deps.clock.now();
  const taken = await takeTicket(deps, ticket, now);
  const live = taken && (await deps.legacySessions.find(taken.sid, now));
  if (!taken || !live?.subject || !isSamePerson(live.subject, taken.subject)) return null;
  if (taken.subject.vendorId !== vendorId) return null;
  const { identifierKind } = deps.vendorDirectory.find(vendorId);
  const isHis = identifiersOf(taken.subject, identifierKind).some(
    (own) => own.kind === kind && own.normal === normal,
  );
  return isHis ? { said: [taken.subject] } : null;
}

const isSamePerson = (live: LegacySubject, taken: LegacySubject): boolean =>
  live.userId === taken.userId && live.identifier === taken.identifier;
