import { expect } from 'chai';
import { newSealed } from './access-fixtures.ts';
import { atOnce, failureOf } from './expectations.ts';
import { at, newEntry, newId, NOW, plantTenant, plantUser } from './fixtures.ts';
import { newDataKey as newKey, replaceDataKey } from './key-fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore' | 'readAudit'>;

/** What every `DataKeyStore` keeps. */
export function dataKeyStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a DataKeyStore`, () => {
    describe('first keys', () => {
      firstKeysContract(open);
    });
    describe('replacing', () => {
      replacingContract(open);
    });
    describe('destroying', () => {
      destroyingContract(open);
    });
  });
}

function firstKeysContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added, as the current key and by its id', async () => {
    const world = await open();
    const key = newKey((await plantTenant(world)).id);
    expect(await world.dataKeyStore.addFirst(key)).to.deep.equal(key);
    expect(await world.dataKeyStore.findCurrent(key.tenantId)).to.deep.equal(key);
    expect(await world.dataKeyStore.find(key.tenantId, key.id)).to.deep.equal(key);
  });

  it('finds nothing where the tenant has no key', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    expect(await world.dataKeyStore.findCurrent(tenantId)).to.equal(null);
    expect(await world.dataKeyStore.find(tenantId, newId())).to.equal(null);
  });

  it('shows nobody the keys of another tenant', async () => {
    const world = await open();
    const key = newKey((await plantTenant(world)).id);
    await world.dataKeyStore.addFirst(key);
    const other = await plantTenant(world);
    expect(await world.dataKeyStore.find(other.id, key.id)).to.equal(null);
    expect(await world.dataKeyStore.findCurrent(other.id)).to.equal(null);
  });

  it('gives the key that stands to whoever comes later', async () => {
    const world = await open();
    const key = newKey((await plantTenant(world)).id);
    await world.dataKeyStore.addFirst(key);
    expect(await world.dataKeyStore.addFirst(newKey(key.tenantId))).to.deep.equal(key);
    expect(await world.dataKeyStore.findCurrent(key.tenantId)).to.deep.equal(key);
  });

  it('gives the same key to all of many who bring one at once', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const standing = await atOnce(20, () => world.dataKeyStore.addFirst(newKey(tenantId)));
    const current = await world.dataKeyStore.findCurrent(tenantId);
    for (const key of standing) expect(key).to.deep.equal(current);
  });
}

function replacingContract(open: OpenWorld<keyof World>): void {
  it('makes the new key the current one, and keeps the former one as retired, with the audit entry', async () => {
    const world = await open();
    const { dataKeyStore } = world;
    const former = newKey((await plantTenant(world)).id);
    const { tenantId } = former;
    await dataKeyStore.addFirst(former);
    const key = newKey(tenantId, { createdAt: at(60) });
    const entry = newEntry(tenantId);
    expect(await dataKeyStore.replaceCurrent([{ formerId: former.id, key }], at(60), entry)).to.equal(1);
    expect(await dataKeyStore.findCurrent(tenantId)).to.deep.equal(key);
    expect(await dataKeyStore.find(tenantId, former.id)).to.deep.equal({ ...former, retiredAt: at(60) });
    expect(await world.readAudit(tenantId)).to.deep.equal([entry]);
  });

  it('lists the current keys of all tenants, and those that were retired before, the first one first', async () => {
    const world = await open();
    const { dataKeyStore } = world;
    const tenants = [await plantTenant(world), await plantTenant(world)];
    const [first, other] = [newKey(tenants[0]!.id), newKey(tenants[1]!.id)];
    for (const key of [first, other]) await dataKeyStore.addFirst(key);
    const own = ({ tenantId }: { tenantId: string }) => tenants.some(({ id }) => id === tenantId);
    expect((await dataKeyStore.listCurrent()).filter(own)).to.have.deep.members([first, other]);
    const second = await replaceDataKey(world, first.id, first.tenantId, at(1));
    const third = await replaceDataKey(world, second.id, first.tenantId, at(2));
    expect((await dataKeyStore.listCurrent()).filter(own)).to.have.deep.members([third, other]);
    const retired = (await dataKeyStore.listRetiredBefore(at(2.001))).filter(own);
    expect(retired).to.deep.equal([
      { ...first, retiredAt: at(1) },
      { ...second, retiredAt: at(2) },
    ]);
    expect((await dataKeyStore.listRetiredBefore(at(2))).filter(own)).to.deep.equal(retired.slice(0, 1));
    const everyRetired = await dataKeyStore.listRetiredBefore(new Date('9999-01-01T00:00:00.000Z'));
    expect(await dataKeyStore.lastRetirement()).to.deep.equal(everyRetired.at(-1)!.retiredAt);
  });

  it('passes over a key that is no longer current, or that another tenant has, and keeps no entry then', async () => {
    const world = await open();
    const { dataKeyStore } = world;
    const former = newKey((await plantTenant(world)).id);
    const { tenantId } = former;
    await dataKeyStore.addFirst(former);
    const current = await replaceDataKey(world, former.id, tenantId);
    const other = await plantTenant(world);
    for (const succession of [
      { formerId: former.id, key: newKey(tenantId) },
      { formerId: current.id, key: newKey(other.id) },
      { formerId: newId(), key: newKey(tenantId) },
    ]) {
      expect(await dataKeyStore.replaceCurrent([succession], NOW, newEntry(tenantId))).to.equal(0);
    }
    expect(await dataKeyStore.findCurrent(tenantId)).to.deep.equal(current);
    expect(await dataKeyStore.findCurrent(other.id)).to.equal(null);
    expect(await world.readAudit(tenantId)).to.have.length(1);
  });

  it('leaves each tenant one current key after many rotations at once, whatever their order', async () => {
    await checkParallelSuccessions(await open());
  });

  it('replaces none where one of the new ones cannot be kept', async () => {
    const world = await open();
    const { dataKeyStore } = world;
    const [one, other] = [newKey((await plantTenant(world)).id), newKey((await plantTenant(world)).id)];
    for (const key of [one, other]) await dataKeyStore.addFirst(key);
    const successions = [
      { formerId: one.id, key: newKey(one.tenantId) },
      { formerId: other.id, key: newKey(other.tenantId, { id: one.id }) },
    ];
    await failureOf(dataKeyStore.replaceCurrent(successions, NOW, newEntry(one.tenantId)));
    for (const key of [one, other]) {
      expect(await dataKeyStore.findCurrent(key.tenantId)).to.deep.equal(key);
    }
    expect(await world.readAudit(one.tenantId)).to.deep.equal([]);
  });
}

/** Four tenants' keys are replaced eight times at once: each tenant gets one new key. */
export async function checkParallelSuccessions(
  world: Pick<StoreWorld, 'unitOfWork' | 'dataKeyStore'>,
): Promise<void> {
  const { dataKeyStore } = world;
  const former = await Promise.all(
    Array.from({ length: 4 }, async () => dataKeyStore.addFirst(newKey((await plantTenant(world)).id))),
  );
  const replaced = await atOnce(8, (index) => {
    const successions = former.map(({ id, tenantId }) => ({ formerId: id, key: newKey(tenantId) }));
    const given = index % 2 === 0 ? successions : successions.toReversed();
    return dataKeyStore.replaceCurrent(given, at(1), newEntry(former[0]!.tenantId));
  });
  expect(replaced.reduce((sum, count) => sum + count)).to.equal(4);
  const tenants = new Set(former.map(({ tenantId }) => tenantId));
  const current = (await dataKeyStore.listCurrent()).filter(({ tenantId }) => tenants.has(tenantId));
  expect(new Set(current.map(({ tenantId }) => tenantId))).to.deep.equal(tenants);
  expect(current).to.have.length(4);
}

function destroyingContract(open: OpenWorld<keyof World>): void {
  it('removes a retired key, and keeps the audit entry', async () => {
    const world = await open();
    const { dataKeyStore } = world;
    const former = await dataKeyStore.addFirst(newKey((await plantTenant(world)).id));
    const { tenantId } = former;
    const current = await replaceDataKey(world, former.id, tenantId);
    const entry = newEntry(tenantId, { at: at(1) });
    expect(await dataKeyStore.destroy(tenantId, former.id, entry)).to.equal(true);
    expect(await dataKeyStore.find(tenantId, former.id)).to.equal(null);
    expect(await dataKeyStore.findCurrent(tenantId)).to.deep.equal(current);
    expect((await world.readAudit(tenantId)).at(-1)).to.deep.equal(entry);
    expect(await dataKeyStore.destroy(tenantId, former.id, newEntry(tenantId))).to.equal(false);
  });

  it("leaves a key that is current, that is needed, or that is another tenant's, and keeps no entry", async () => {
    const world = await open();
    const { dataKeyStore } = world;
    const user = await plantUser(world);
    const { tenantId } = user;
    const former = await dataKeyStore.addFirst(newKey(tenantId));
    const { secondFactors } = world.unitOfWork.stores(tenantId);
    await secondFactors.putPendingTotp(user.id, newSealed(former.id), NOW);
    const current = await replaceDataKey(world, former.id, tenantId);
    const unneeded = await replaceDataKey(world, current.id, tenantId);
    const other = await plantTenant(world);
    const before = await world.readAudit(tenantId);
    for (const [id, owner] of [
      [former.id, tenantId],
      [unneeded.id, tenantId],
      [current.id, other.id],
      [newId(), tenantId],
    ] as const) {
      expect(await dataKeyStore.destroy(owner, id, newEntry(tenantId))).to.equal(false);
    }
    expect(await dataKeyStore.find(tenantId, former.id)).to.not.equal(null);
    expect(await world.readAudit(tenantId)).to.deep.equal(before);
  });
}
