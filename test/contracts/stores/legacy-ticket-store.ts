import { expect } from 'chai';
import { createLegacyTicket, type LegacyTicket } from '../../../src/domain/legacy/legacy-ticket.ts';
import { atOnce } from './expectations.ts';
import { at, newHash, newId, NOW } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'legacyTickets'>;

/** A ticket that is not stored yet; it counts for ten minutes. */
export const newTicket = (given: Partial<LegacyTicket> = {}): LegacyTicket => ({
  ...createLegacyTicket(
    {
      hash: newHash(),
      sid: newId(),
      subject: { userId: 'U-7', identifier: '0541234567', vendorId: 'a vendor' },
    },
    NOW,
  ),
  ...given,
});

async function plantTicket(
  { legacyTickets }: World,
  given: Partial<LegacyTicket> = {},
): Promise<LegacyTicket> {
  const ticket = newTicket(given);
  await legacyTickets.add(ticket);
  return ticket;
}

/**
 * Takes one ticket twenty times at once: one gets it.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelTaking(world: World): Promise<void> {
  const ticket = await plantTicket(world);
  const taken = await atOnce(20, () => world.legacyTickets.take(ticket.hash, NOW));
  expect(taken.filter((one) => one !== null)).to.deep.equal([ticket]);
}

/** What every `LegacyTicketStore` keeps. */
export function legacyTicketStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a LegacyTicketStore`, () => {
    it('gives back exactly what was added, once', async () => {
      const world = await open();
      const full = await plantTicket(world);
      const bare = await plantTicket(world, { subject: { userId: null, identifier: 'ד 1', vendorId: null } });
      for (const ticket of [full, bare]) {
        expect(await world.legacyTickets.take(ticket.hash, NOW)).to.deep.equal(ticket);
        expect(await world.legacyTickets.take(ticket.hash, NOW)).to.equal(null);
      }
    });

    it('gives nothing for a hash that no ticket has', async () => {
      const { legacyTickets } = await open();
      expect(await legacyTickets.take(newHash(), NOW)).to.equal(null);
    });

    it('counts until the very moment when a ticket expires', async () => {
      const world = await open();
      const [inTime, late] = [await plantTicket(world), await plantTicket(world)];
      expect(await world.legacyTickets.take(inTime.hash, at(599.999))).to.deep.equal(inTime);
      expect(await world.legacyTickets.take(late.hash, at(600))).to.equal(null);
    });

    it('keeps several of one legacy session side by side', async () => {
      const world = await open();
      const first = await plantTicket(world);
      const second = await plantTicket(world, { sid: first.sid });
      expect(await world.legacyTickets.take(first.hash, NOW)).to.deep.equal(first);
      expect(await world.legacyTickets.take(second.hash, NOW)).to.deep.equal(second);
    });

    it('lets one of many through who take a ticket at once', async () => {
      await checkParallelTaking(await open());
    });
  });
}
