import { isBridgeOpen } from '../../domain/legacy/legacy-bridge.ts';
import type { LegacySubject } from '../../domain/legacy/legacy-session.ts';
import { createLegacyTicket, type LegacyTicket } from '../../domain/legacy/legacy-ticket.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { LegacyTicketStore } from '../ports/stores/legacy-ticket-store.ts';
import type { Settings } from '../ports/system/settings.ts';

/** What taking a ticket needs. */
export interface TicketTaking {
  readonly keyedHash: KeyedHash;
  readonly legacyTickets: LegacyTicketStore;
  readonly settings: Settings;
}

/** What handing out a ticket needs. */
export interface TicketIssuing extends Omit<TicketTaking, 'settings'> {
  readonly secretGenerator: SecretGenerator;
}

const ticketHash = (keyedHash: KeyedHash, ticket: string): Uint8Array =>
  keyedHash.of('legacy-ticket', ticket);

/** Hands out a ticket for a live legacy session. @returns 256 bits as base64url, 43 characters; a secret */
export async function issueTicket(
  { keyedHash, legacyTickets, secretGenerator }: TicketIssuing,
  sid: string,
  subject: LegacySubject,
  now: Date,
): Promise<string> {
  const ticket = secretGenerator.generate();
  await legacyTickets.add(createLegacyTicket({ hash: ticketHash(keyedHash, ticket), sid, subject }, now));
  return ticket;
}

/**
 * Uses a ticket up. It tells how the legacy session was: whether it lives still is for `LegacySessions` to say.
 *
 * @returns `null` where it does not count (any more), or legacy sessions do not
 */
export async function takeTicket(
  { keyedHash, legacyTickets, settings }: TicketTaking,
  ticket: string,
  now: Date,
): Promise<LegacyTicket | null> {
  return isBridgeOpen(settings.legacyBridge, now)
    ? legacyTickets.take(ticketHash(keyedHash, ticket), now)
    : null;
}
