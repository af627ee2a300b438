import { expect } from 'chai';
import type { OutboxEntry, OutboxOutcome } from '../../../src/application/ports/stores/outbox.ts';
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
    describe('counting', () => {
      countingContract(open);
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
    const recipient = newHash();
    await atOnce(20, () => outboxOf(world, tenantId).add(newOutboxEntry(tenantId, keyId, { recipient })));
    expect(await outboxOf(world, tenantId).countSince(recipient, NOW)).to.equal(20);
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

function countingContract(open: OpenWorld<keyof World>): void {
  it('counts what was added for a recipient at that moment or later, ended or not', async () => {
    const world = await open();
    const { tenantId, keyId } = await plantPlace(world);
    const recipient = newHash();
    const outbox = outboxOf(world, tenantId);
    for (const seconds of [0, 10, 20]) {
      await outbox.add(newOutboxEntry(tenantId, keyId, { recipient, createdAt: at(seconds) }));
    }
    const ended = newOutboxEntry(tenantId, keyId, { recipient, createdAt: at(30) });
    await outbox.add(ended);
    await outbox.settle(ended.id, 'done', at(31));
    await outbox.add(newOutboxEntry(tenantId, keyId, { createdAt: at(30) }));
    expect(await outbox.countSince(recipient, at(10))).to.equal(3);
    expect(await outbox.countSince(recipient, at(10.001))).to.equal(2);
    expect(await outbox.countSince(recipient, at(30.001))).to.equal(0);
    expect(await outbox.countSince(newHash(), NOW)).to.equal(0);
  });

  it('counts nothing of another tenant', async () => {
    const world = await open();
    const { recipient } = await plantEntry(world);
    const other = await plantTenant(world);
    expect(await outboxOf(world, other.id).countSince(recipient, NOW)).to.equal(0);
  });
}
