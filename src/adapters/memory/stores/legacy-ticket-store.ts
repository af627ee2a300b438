import type { LegacyTicketStore } from '../../../application/ports/stores/legacy-ticket-store.ts';
import type { LegacyTicket } from '../../../domain/legacy/legacy-ticket.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { octetKey } from '../memory-tables.ts';

/** Tickets for legacy sessions, in memory. */
export class MemoryLegacyTicketStore implements LegacyTicketStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async add(ticket: LegacyTicket): Promise<void> {
    await this.#access.write((tables) => {
      tables.legacyTickets.add(octetKey(ticket.hash), ticket);
    });
  }

  async take(hash: Uint8Array, now: Date): Promise<LegacyTicket | null> {
    return this.#access.write((tables) => {
      const ticket = tables.legacyTickets.get(octetKey(hash));
      if (!ticket || now >= ticket.expiresAt) return null;
      tables.legacyTickets.delete(octetKey(hash));
      return ticket;
    });
  }
}
