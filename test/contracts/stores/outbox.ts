import { expect } from 'chai';
import type { Outbox, OutboxEntry, OutboxOutcome } from '../../../src/application/ports/stores/outbox.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { newOutboxEntry } from './access-fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import { at, newHash, newId, NOW, plantDataKey, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore' | 'readOutboxPayload'>;

const OUTCOMES: readonly OutboxOutcome[] = ['done', 'refused', 'given-up'];

const outboxOf = ({ unitOfWork }: World, tenantId: TenantId) => unitOfWork.stores(tenantId).outbox;

async function plantPlace(world: World): Promise<{ readonly tenantId: TenantId; readonly keyId: string }> {
  const { id: tenantId } = await plantTenant(world);
  return { tenantId, keyId: await plantDataKey(world, tenantId) };
}

async function plantEntry(world: World, given: Partial<OutboxEntry> = {}): Promise<OutboxEntry> {
  const { tenantId, keyId } = await plantPlace(world);
  const entry = newOutboxEntry(tenantId, keyId, given);
  await outboxOf(world, tenantId).add(entry);
  return entry;
}

/** What every `Outbox` keeps. */
export function outboxContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as an Outbox`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('settling', () => {
      settlingContract(open);
    });
    describe('adding within a limit', () => {
      limitingContract(open);
    });
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added, due or not', async () => {
    const world = await open();
    for (const entry of [
      await plantEntry(world),
      await plantEntry(world, { topic: 'mfa-reset', createdAt: at(-5), dueAt: at(86_400) }),
    ]) {
      expect(await outboxOf(world, entry.tenantId).find(entry.id)).to.deep.equal(entry);
      expect(await world.readOutboxPayload(entry.id)).to.deep.equal(entry.payload);
    }
  });

  it('finds nothing by an id that no entry has, nor the entry of another tenant', async () => {
    const world = await open();
    const entry = await plantEntry(world);
    const other = await plantTenant(world);
    expect(await outboxOf(world, entry.tenantId).find(newId())).to.equal(null);
    expect(await outboxOf(world, other.id).find(entry.id)).to.equal(null);
  });

  it('takes no entry of another tenant', async () => {
    const world = await open();
    const [own, other] = [await plantPlace(world), await plantPlace(world)];
    const entry = newOutboxEntry(other.tenantId, other.keyId);
    await failureOf(outboxOf(world, own.tenantId).add(entry));
    expect(await outboxOf(world, other.tenantId).find(entry.id)).to.equal(null);
  });

  it('keeps all of many entries added at once', async () => {
    const world = await open();
    const { tenantId, keyId } = await plantPlace(world);
    const outbox = outboxOf(world, tenantId);
    const recipient = newHash();
    const entries = Array.from({ length: 20 }, () => newOutboxEntry(tenantId, keyId, { recipient }));
    await Promise.all(entries.map((entry) => outbox.add(entry)));
    expect(await Promise.all(entries.map(({ id }) => outbox.find(id)))).to.deep.equal(entries);
  });

  it('shows nobody an entry before its unit of work is kept, and keeps none of one that failed', async () => {
    const world = await open();
    const { tenantId, keyId } = await plantPlace(world);
    const [kept, undone] = [newOutboxEntry(tenantId, keyId), newOutboxEntry(tenantId, keyId)];
    await world.unitOfWork.run(tenantId, async ({ outbox }) => {
      await outbox.add(kept);
      expect(await outboxOf(world, tenantId).find(kept.id)).to.equal(null);
    });
    await undo(world, tenantId, ({ outbox }) => outbox.add(undone));
    expect(await outboxOf(world, tenantId).find(kept.id)).to.deep.equal(kept);
    expect(await outboxOf(world, tenantId).find(undone.id)).to.equal(null);
  });
}

function settlingContract(open: OpenWorld<keyof World>): void {
  for (const outcome of OUTCOMES) {
    it(`ends an entry that is ${outcome} once, and leaves nothing of its payload`, async () => {
      const world = await open();
      const { id, tenantId } = await plantEntry(world);
      expect(await outboxOf(world, tenantId).settle(id, outcome, at(1))).to.equal(true);
      for (const again of OUTCOMES) {
        expect(await outboxOf(world, tenantId).settle(id, again, at(2))).to.equal(false);
      }
      expect(await outboxOf(world, tenantId).find(id)).to.equal(null);
      expect(await world.readOutboxPayload(id)).to.equal(null);
    });
  }

  it('tells one of many who end an entry at once that it was he', async () => {
    const world = await open();
    const { id, tenantId } = await plantEntry(world);
    const settled = await atOnce(20, () => outboxOf(world, tenantId).settle(id, 'done', NOW));
    expect(settled.filter(Boolean)).to.have.length(1);
  });

  it('ends no entry of another tenant, nor what never was, and none where the unit of work failed', async () => {
    const world = await open();
    const entry = await plantEntry(world);
    const other = await plantTenant(world);
    expect(await outboxOf(world, other.id).settle(entry.id, 'done', NOW)).to.equal(false);
    expect(await outboxOf(world, entry.tenantId).settle(newId(), 'done', NOW)).to.equal(false);
    await undo(world, entry.tenantId, ({ outbox }) => outbox.settle(entry.id, 'done', NOW));
    expect(await outboxOf(world, entry.tenantId).find(entry.id)).to.deep.equal(entry);
  });
}

/** Fifty entries for one recipient at once, where ten may be added: ten are; each alone, and each in a unit of work. */
export async function checkParallelAdding(world: World): Promise<void> {
  const { tenantId, keyId } = await plantPlace(world);
  const adding = (recipient: Uint8Array) => (outbox: Outbox) =>
    outbox.addWithin(newOutboxEntry(tenantId, keyId, { recipient }), 10, NOW);
  const [addAlone, addInUnit] = [adding(newHash()), adding(newHash())];
  const alone = await atOnce(50, () => addAlone(outboxOf(world, tenantId)));
  expect(alone.filter(Boolean)).to.have.length(10);
  const inUnits = await atOnce(50, () => world.unitOfWork.run(tenantId, ({ outbox }) => addInUnit(outbox)));
  expect(inUnits.filter(Boolean)).to.have.length(10);
}

function limitingContract(open: OpenWorld<keyof World>): void {
  it('adds as many for a recipient as it may, exactly as they were given, and then none', async () => {
    const world = await open();
    const { tenantId, keyId } = await plantPlace(world);
    const outbox = outboxOf(world, tenantId);
    const recipient = newHash();
    const entries = Array.from({ length: 4 }, () => newOutboxEntry(tenantId, keyId, { recipient }));
    const added: boolean[] = [];
    for (const entry of entries) added.push(await outbox.addWithin(entry, 3, NOW));
    expect(added).to.deep.equal([true, true, true, false]);
    const found = await Promise.all(entries.map(({ id }) => outbox.find(id)));
    expect(found).to.deep.equal([...entries.slice(0, 3), null]);
    const another = newOutboxEntry(tenantId, keyId);
    expect(await outbox.addWithin(another, 1, NOW)).to.equal(true);
    expect(await outbox.addWithin(newOutboxEntry(tenantId, keyId), 0, NOW)).to.equal(false);
  });

  it('counts what was added at that moment or later, in whichever way, ended or not', async () => {
    const world = await open();
    const { tenantId, keyId } = await plantPlace(world);
    const outbox = outboxOf(world, tenantId);
    const recipient = newHash();
    const entryAt = (seconds: number) =>
      newOutboxEntry(tenantId, keyId, { recipient, createdAt: at(seconds) });
    const ended = entryAt(20);
    await outbox.add(entryAt(0));
    await outbox.addWithin(entryAt(10), 2, NOW);
    await outbox.add(ended);
    await outbox.settle(ended.id, 'done', at(21));
    expect(await outbox.addWithin(entryAt(30), 2, at(10))).to.equal(false);
    expect(await outbox.addWithin(entryAt(30), 2, at(10.001))).to.equal(true);
    expect(await outbox.addWithin(entryAt(30), 3, at(10))).to.equal(false);
  });

  it('adds no more than it may, of fifty at once, alone and in units of work', async () => {
    await checkParallelAdding(await open());
  });

  it('counts nothing of a unit of work that failed, and keeps none of it', async () => {
    const world = await open();
    const { tenantId, keyId } = await plantPlace(world);
    const recipient = newHash();
    const undone = newOutboxEntry(tenantId, keyId, { recipient });
    const kept = newOutboxEntry(tenantId, keyId, { recipient });
    await undo(world, tenantId, ({ outbox }) => outbox.addWithin(undone, 1, NOW));
    expect(await outboxOf(world, tenantId).addWithin(kept, 1, NOW)).to.equal(true);
    expect(await outboxOf(world, tenantId).find(undone.id)).to.equal(null);
  });

  it('counts nothing of another tenant, and takes no entry of one', async () => {
    const world = await open();
    const { recipient } = await plantEntry(world);
    const { tenantId, keyId } = await plantPlace(world);
    const entry = newOutboxEntry(tenantId, keyId, { recipient });
    const stranger = await plantTenant(world);
    await failureOf(outboxOf(world, stranger.id).addWithin(entry, 1, NOW));
    expect(await outboxOf(world, tenantId).find(entry.id)).to.equal(null);
    expect(await outboxOf(world, tenantId).addWithin(entry, 1, NOW)).to.equal(true);
  });
}
