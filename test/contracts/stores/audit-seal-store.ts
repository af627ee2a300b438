import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { AuditSealStore } from '../../../src/application/ports/stores/audit-seal-store.ts';
import { type ChainMac, sealEntries, type SealedBatch } from '../../../src/domain/audit/audit-chain.ts';
import { atOnce, undo } from './expectations.ts';
import { at, newEntry, NOW, plantTenant } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'auditSeals' | 'unitOfWork'>;

/** How many entries one seal takes here. */
const BATCH = 4;

/** No key: these contracts are about what is kept, not about who may have made it. */
const mac: ChainMac = (part, content) =>
  new Uint8Array(createHash('sha256').update(part).update(content).digest());

async function addEntries(world: World, count: number): Promise<readonly string[]> {
  const { id: tenantId } = await plantTenant(world);
  const entries = Array.from({ length: count }, () => newEntry(tenantId));
  for (const entry of entries) await world.unitOfWork.stores(tenantId).audit.add(entry);
  return entries.map(({ id }) => id);
}

/** The batch that takes what is to be sealed next. */
async function nextBatch({ auditSeals }: Pick<World, 'auditSeals'>, now = NOW): Promise<SealedBatch> {
  const { seal } = await auditSeals.readEnd();
  const horizon = seal?.horizon ?? null;
  let sealable = await auditSeals.listSealable(horizon, null, BATCH);
  // Among those that are looked at may be none to be sealed, with more to come.
  while (sealable.entries.length === 0 && sealable.next) {
    sealable = await auditSeals.listSealable(horizon, sealable.next, BATCH);
  }
  return sealEntries(mac, seal, sealable, now);
}

/** Seals until nothing is left, or somebody else was quicker. */
async function sealAll(world: Pick<World, 'auditSeals'>, now = NOW): Promise<number> {
  for (let sealed = 0; ;) {
    const batch = await nextBatch(world, now);
    if (batch.links.length === 0 || !(await world.auditSeals.append(batch))) return sealed;
    sealed += batch.links.length;
  }
}

const everyLink = (auditSeals: AuditSealStore) => auditSeals.listLinks(1, Number.MAX_SAFE_INTEGER, 100_000);
const everySeal = (auditSeals: AuditSealStore) => auditSeals.listSeals(0, Number.MAX_SAFE_INTEGER, 100_000);

/** What each of many who seal at once leaves behind: one chain. */
export async function checkParallelSealing(world: World): Promise<void> {
  const { auditSeals } = world;
  await sealAll(world);
  const before = await everyLink(auditSeals);
  const added = await addEntries(world, 3 * BATCH);
  // Each at a time of his own, so that no two make the same seal.
  const sealed = await atOnce(6, (index) => sealAll(world, at(index)));
  sealed.push(await sealAll(world));

  const links = await everyLink(auditSeals);
  const sum = sealed.reduce((total, count) => total + count, 0);
  expect(sum, 'nobody thinks that he sealed what another did').to.equal(links.length - before.length);
  expect(links.map(({ position }) => position)).to.deep.equal(links.map((_, index) => index + 1));
  const linked = links.map(({ entryId }) => entryId);
  expect(new Set(linked).size, 'each entry once').to.equal(linked.length);
  expect(linked).to.include.members([...added]);
  const seals = await everySeal(auditSeals);
  expect(seals.map(({ number }) => number)).to.deep.equal(seals.map((_, index) => index + 1));
  let position = 0;
  for (const [index, seal] of seals.entries()) {
    expect(seal.lastPosition).to.equal(position + seal.entries);
    expect(seal.previousMac).to.deep.equal(seals[index - 1]?.mac ?? new Uint8Array());
    position = seal.lastPosition;
  }
  expect(position).to.equal(links.length);
  expect((await auditSeals.readEnd()).seal).to.deep.equal(seals.at(-1));
  expect(await auditSeals.listStrays(10)).to.deep.equal({ positions: [], numbers: [] });
}

/** What every `AuditSealStore` keeps. */
export function auditSealStoreContract(name: string, open: OpenWorld<'auditSeals' | 'unitOfWork'>): void {
  describe(`${name} as an AuditSealStore`, () => {
    appendingContract(open);
    findingContract(open);
    walkingContract(open);
  });
}

function appendingContract(open: OpenWorld<'auditSeals' | 'unitOfWork'>): void {
  it('keeps a batch exactly as it was made', async () => {
    const world = await open();
    const { auditSeals } = world;
    await sealAll(world);
    const before = await auditSeals.readEnd();
    const ids = await addEntries(world, 3);
    const batch = await nextBatch(world);
    expect(await auditSeals.append(batch)).to.equal(true);
    expect(await auditSeals.readEnd()).to.deep.equal({ head: batch.head, seal: batch.seal });
    expect(await auditSeals.listSeals(batch.seal.number - 1, batch.seal.number, 10)).to.deep.equal([
      batch.seal,
    ]);
    const first = (before.seal?.lastPosition ?? 0) + 1;
    const links = await auditSeals.listLinks(first, batch.seal.lastPosition, 10);
    expect(links.map(({ record: _record, ...link }) => link)).to.deep.equal(batch.links);
    expect(links.map(({ entryId }) => entryId)).to.have.members([...ids]);
    expect(links.every(({ record, recordMac }) => Buffer.compare(mac('record', record!), recordMac) === 0)).to
      .be.true;
  });

  it('keeps nothing of a batch that continues an older seal', async () => {
    const world = await open();
    const { auditSeals } = world;
    await addEntries(world, 2);
    const stale = await nextBatch(world);
    await sealAll(world);
    const [end, links] = [await auditSeals.readEnd(), await everyLink(auditSeals)];
    expect(await auditSeals.append(stale)).to.equal(false);
    expect(await auditSeals.readEnd()).to.deep.equal(end);
    expect(await everyLink(auditSeals)).to.deep.equal(links);
  });

  it('keeps a seal without entries', async () => {
    const world = await open();
    await sealAll(world);
    const batch = await nextBatch(world);
    expect(batch.links).to.deep.equal([]);
    expect(await world.auditSeals.append(batch)).to.equal(true);
    expect((await world.auditSeals.readEnd()).seal).to.deep.equal(batch.seal);
  });

  it('lets many who seal at once make one chain, without gaps and doubles', async () => {
    await checkParallelSealing(await open());
  });
}

function findingContract(open: OpenWorld<'auditSeals' | 'unitOfWork'>): void {
  it('gives the entries of every tenant, each until it is sealed', async () => {
    const world = await open();
    await sealAll(world);
    const tenants = [await plantTenant(world), await plantTenant(world)];
    const entries = tenants.map(({ id }) => newEntry(id));
    for (const entry of entries) await world.unitOfWork.stores(entry.tenantId).audit.add(entry);
    const batch = await nextBatch(world);
    expect(batch.links.map(({ entryId }) => entryId)).to.have.members(entries.map(({ id }) => id));
    await world.auditSeals.append(batch);
    expect((await nextBatch(world)).links).to.deep.equal([]);
  });

  it('gives no entry of a unit of work that failed', async () => {
    const world = await open();
    await sealAll(world);
    const { id } = await plantTenant(world);
    await undo(world, id, ({ audit }) => audit.add(newEntry(id)));
    expect((await nextBatch(world)).links).to.deep.equal([]);
  });

  it('gives no more than were asked for, and then the others', async () => {
    const world = await open();
    await sealAll(world);
    const ids = await addEntries(world, 2 * BATCH + 1);
    expect((await nextBatch(world)).links.length).to.be.within(1, BATCH);
    expect(await sealAll(world)).to.equal(ids.length);
  });

  it('goes on from where it was, and ends', async () => {
    const world = await open();
    const { auditSeals } = world;
    await sealAll(world);
    const ids = await addEntries(world, 2 * BATCH + 1);
    const sealed: string[] = [];
    let { seal } = await auditSeals.readEnd();
    for (let after = null, isOver = false; !isOver;) {
      const found = await auditSeals.listSealable(seal?.horizon ?? null, after, BATCH);
      const batch = sealEntries(mac, seal, found, NOW);
      expect(await auditSeals.append(batch)).to.equal(true);
      ({ seal } = batch);
      sealed.push(...batch.links.map(({ entryId }) => entryId));
      after = found.next;
      isOver = found.next === null;
    }
    expect(sealed).to.have.members([...ids]);
  });
}

function walkingContract(open: OpenWorld<'auditSeals' | 'unitOfWork'>): void {
  it('walks over every entry once, and counts those without a link', async () => {
    const world = await open();
    const { auditSeals } = world;
    await addEntries(world, BATCH);
    await sealAll(world);
    const { seal } = await auditSeals.readEnd();
    await addEntries(world, 2);
    const total = { entries: 0, unlinked: 0 };
    let after: string | null = null;
    do {
      const step = await auditSeals.walkEntries({
        after,
        lastPosition: seal!.lastPosition,
        horizon: seal!.horizon,
        limit: 3,
      });
      expect(step.entries).to.be.at.most(3);
      expect(step.astray).to.deep.equal([]);
      total.entries += step.entries;
      total.unlinked += step.unlinked;
      after = step.next;
    } while (after !== null);
    expect(total).to.deep.equal({ entries: seal!.lastPosition + 2, unlinked: 2 });
  });

  it('tells whether any entry is older than a time', async () => {
    const world = await open();
    const { id: tenantId } = await plantTenant(world);
    const past = new Date('1999-05-01T00:00:00.000Z');
    await world.unitOfWork.stores(tenantId).audit.add(newEntry(tenantId, { at: past }));
    expect(await world.auditSeals.hasEntryBefore(past)).to.equal(false);
    expect(await world.auditSeals.hasEntryBefore(new Date(past.getTime() + 1))).to.equal(true);
  });

  it('counts no link beyond the position that it is told', async () => {
    const world = await open();
    const { auditSeals } = world;
    await sealAll(world);
    const before = (await auditSeals.readEnd()).seal?.lastPosition ?? 0;
    await addEntries(world, 2);
    await sealAll(world);
    const walk = { after: null, horizon: null, limit: 100_000 };
    expect((await auditSeals.walkEntries({ ...walk, lastPosition: before })).unlinked).to.equal(2);
    expect((await auditSeals.walkEntries({ ...walk, lastPosition: before + 2 })).unlinked).to.equal(0);
  });

  it('gives seals and links of a range in order, and no more than were asked for', async () => {
    const world = await open();
    const { auditSeals } = world;
    await addEntries(world, 2 * BATCH);
    await sealAll(world);
    const { seal } = await auditSeals.readEnd();
    const last = seal!.lastPosition;
    const positions = async (first: number, to: number, limit: number) =>
      (await auditSeals.listLinks(first, to, limit)).map(({ position }) => position);
    expect(await positions(last - 3, last - 1, 10)).to.deep.equal([last - 3, last - 2, last - 1]);
    expect(await positions(last - 3, last, 2)).to.deep.equal([last - 3, last - 2]);
    expect(await positions(last + 1, last + 5, 2)).to.deep.equal([]);
    const numbers = (await auditSeals.listSeals(seal!.number - 2, seal!.number, 1)).map(
      ({ number }) => number,
    );
    expect(numbers).to.deep.equal([seal!.number - 1]);
  });
}
