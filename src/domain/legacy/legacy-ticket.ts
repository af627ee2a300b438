import { addSeconds } from '../shared/time.ts';
import type { LegacySubject } from './legacy-session.ts';

/** How long a ticket counts, in seconds. */
export const LEGACY_TICKET_SECONDS = 600;

/** The word that somebody holds a live legacy session that belongs to no account yet, at rest. Good for linking it, once. */
export interface LegacyTicket {
  /** Keyed one-way hash of the ticket, 32 octets. */
  readonly hash: Uint8Array;
  /** Of the legacy session. */
  readonly sid: string;
  /** Whose session it was then. */
  readonly subject: LegacySubject;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A ticket at its first moment. */
export const createLegacyTicket = (
  given: Omit<LegacyTicket, 'createdAt' | 'expiresAt'>,
  now: Date,
): LegacyTicket => ({ ...given, createdAt: now, expiresAt: addSeconds(now, LEGACY_TICKET_SECONDS) });
