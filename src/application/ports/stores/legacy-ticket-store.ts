import type { LegacyTicket } from '../../../domain/legacy/legacy-ticket.ts';

/** Tickets for live legacy sessions that belong to no account yet; they are of no tenant. */
export interface LegacyTicketStore {
  readonly add: (ticket: LegacyTicket) => Promise<void>;
  /**
   * Spends a ticket; one statement, so that of many who hold it one gets it.
   *
   * @returns `null` where there is none, or it has expired at `now`
   */
  readonly take: (hash: Uint8Array, now: Date) => Promise<LegacyTicket | null>;
}
