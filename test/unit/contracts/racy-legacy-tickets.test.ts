import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { octetKey } from '../../../src/adapters/memory/memory-tables.ts';
import { MemoryLegacyTicketStore } from '../../../src/adapters/memory/stores/legacy-ticket-store.ts';
import type { LegacyTicketStore } from '../../../src/application/ports/stores/legacy-ticket-store.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { checkParallelTaking } from '../../contracts/stores/legacy-ticket-store.ts';

/** Looks whether the ticket counts, and then takes it away. */
const racyLegacyTickets = (database: MemoryAccess): LegacyTicketStore => {
  const store = new MemoryLegacyTicketStore(database);
  return {
    add: (ticket) => store.add(ticket),
    take: async (hash, now) => {
      const ticket = await database.read((tables) => tables.legacyTickets.get(octetKey(hash)));
      await store.take(hash, now);
      return ticket && now < ticket.expiresAt ? ticket : null;
    },
  };
};

describe('A store of tickets for legacy sessions that reads first and writes later', () => {
  it('fails its contract', async () => {
    const database = new MemoryDatabase();
    const racy = { legacyTickets: racyLegacyTickets(database) };
    expect(await failureOf(checkParallelTaking(racy))).to.be.instanceOf(AssertionError);
    await checkParallelTaking({ legacyTickets: new MemoryLegacyTicketStore(database) });
  });
});
