import { expect } from 'chai';
import type {
  IndexableRow,
  LegacyIndex,
  LegacyIndexEntry,
  RowSlice,
} from '../../../src/application/ports/legacy/legacy-index.ts';
import type { CaseId } from '../../../src/domain/shared/ids.ts';
import { atOnce } from './expectations.ts';
import { at, newHash, newId, NOW } from './fixtures.ts';
import { newRequest } from './legacy-fixtures.ts';
import type { OpenWorld, PlantedRequest, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  'legacyIndex' | 'forgetLegacyIndex' | 'removeLegacyRequest' | 'writeLegacyRequest'
>;

const HOUR = 3600;

/** Writes a request as the legacy service does. */
async function plantRequest(
  { writeLegacyRequest }: Pick<World, 'writeLegacyRequest'>,
  given: Partial<PlantedRequest> = {},
): Promise<PlantedRequest> {
  const request = newRequest(given);
  await writeLegacyRequest(request);
  return request;
}

const newEntry = (caseId: CaseId, given: Partial<LegacyIndexEntry> = {}): LegacyIndexEntry => ({
  caseId,
  vendorId: 'vendor-a',
  createdAt: NOW,
  language: 'en',
  hashes: { legacy_user_id: newHash(), phone: newHash() },
  ...given,
});

/** Every row of all slices, with the number of slices; fails where they do not come in the order of their ids. */
async function everySlice<Row>(
  read: (after: CaseId | null) => Promise<RowSlice<Row>>,
): Promise<{ readonly rows: readonly Row[]; readonly slices: number }> {
  const rows: Row[] = [];
  let after: CaseId | null = null;
  let slices = 0;
  do {
    const slice: RowSlice<Row> = await read(after);
    if (after !== null && slice.through !== null) expect(slice.through > after).to.equal(true);
    rows.push(...slice.rows);
    after = slice.through;
    slices += 1;
  } while (after !== null);
  return { rows, slices };
}

const unindexed = async ({ legacyIndex }: World, limit = 100_000): Promise<readonly IndexableRow[]> =>
  (await everySlice((after) => legacyIndex.listUnindexed(after, limit))).rows;

const recent = async ({ legacyIndex }: World, now: Date, limit = 100_000): Promise<readonly CaseId[]> => {
  const rows = await legacyIndex.listRecentlyUnindexed(now, limit);
  return (rows ?? expect.fail('Rows say when they were made.')).map(({ caseId }) => caseId);
};

const compared = async ({ legacyIndex }: World, caseId: CaseId, limit = 100_000) => {
  const { rows } = await everySlice((after) => legacyIndex.compareRows(after, limit));
  const found = rows.filter(({ row }) => row.caseId === caseId);
  expect(found.length).to.be.at.most(1);
  return found[0] ?? null;
};

/** What every `LegacyIndex` keeps. */
export function legacyIndexContract(name: string, open: OpenWorld<keyof World>): void {
  const openUnbuilt = async (): Promise<World> => {
    const world = await open();
    await world.forgetLegacyIndex();
    return world;
  };
  describe(`${name} as LegacyIndex`, () => {
    rowsContract(openUnbuilt);
    slicesContract(openUnbuilt);
    entriesContract(openUnbuilt);
    progressContract(openUnbuilt);
  });
}

function rowsContract(open: OpenWorld<keyof World>): void {
  it('gives a row as the legacy service has it now, its vendor and its language in the normal form', async () => {
    const world = await open();
    const given = { vendorId: '  Clinic-A ', userId: ' U-1', identifier: null, language: ' IW' };
    const request = await plantRequest(world, given);
    const { caseId, createdAt } = request;
    const row = {
      ...{ caseId, vendorId: 'clinic-a', userId: ' U-1', identifier: null, ownerId: null, createdAt },
      language: 'he',
    };
    expect(await compared(world, caseId)).to.deep.equal({ row, entry: null });
    expect(await unindexed(world)).to.deep.include(row);
    await world.writeLegacyRequest({ ...request, vendorId: ' ', identifier: '1' });
    const edited = { ...row, vendorId: null, identifier: '1' };
    expect(await compared(world, caseId)).to.deep.equal({ row: edited, entry: null });
    await world.removeLegacyRequest(caseId);
    expect(await compared(world, caseId)).to.equal(null);
  });

  it('lists a row that is not in the index until it is', async () => {
    const world = await open();
    const { caseId } = await plantRequest(world);
    const idsOf = async () => (await unindexed(world)).map((row) => row.caseId);
    expect(await idsOf()).to.include(caseId);
    expect(await recent(world, NOW)).to.include(caseId);
    await world.legacyIndex.put([newEntry(caseId)]);
    expect(await idsOf()).not.to.include(caseId);
    expect(await recent(world, NOW)).not.to.include(caseId);
  });

  it('counts a row as recent for an hour, and one that was made later than now', async () => {
    const world = await open();
    const { caseId: former } = await plantRequest(world, { createdAt: at(-HOUR - 0.001) });
    const { caseId: oldest } = await plantRequest(world, { createdAt: at(-HOUR) });
    const { caseId: ahead } = await plantRequest(world, { createdAt: at(HOUR) });
    const found = await recent(world, NOW);
    expect(found).to.include.members([oldest, ahead]);
    expect(found).not.to.include(former);
  });
}

function slicesContract(open: OpenWorld<keyof World>): void {
  it('gives every row once, however small the slices are, the very first and last ids as well', async () => {
    const world = await open();
    const ids = [
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      ...Array.from({ length: 5 }, newId),
    ];
    for (const caseId of ids) await plantRequest(world, { caseId });
    const { legacyIndex } = world;
    for (const limit of [1, 2, 3]) {
      const all = await everySlice((after) => legacyIndex.compareRows(after, limit));
      const caseIds = all.rows.map(({ row }) => row.caseId);
      expect(caseIds).to.include.members(ids);
      expect(caseIds).to.deep.equal([...new Set(caseIds)].sort());
      expect(all.slices).to.be.at.least(Math.floor(ids.length / limit));
      const unseen = (await unindexed(world, limit)).map(({ caseId }) => caseId);
      expect(unseen).to.deep.equal(caseIds);
    }
    for (const caseId of ids) await world.removeLegacyRequest(caseId);
  });

  it('gives no more recent rows than it was asked for, and others once those are in the index', async () => {
    const world = await open();
    const planted = [await plantRequest(world), await plantRequest(world), await plantRequest(world)];
    const all = await recent(world, NOW);
    expect(all).to.include.members(planted.map(({ caseId }) => caseId));
    const some = await recent(world, NOW, 2);
    expect(new Set(some)).to.have.property('size', 2);
    await world.legacyIndex.put(some.map((caseId) => newEntry(caseId)));
    expect(await recent(world, NOW)).to.have.members(all.filter((caseId) => !some.includes(caseId)));
  });

  it('goes on after an id that is gone meanwhile', async () => {
    const world = await open();
    const ids = Array.from({ length: 4 }, newId);
    for (const caseId of ids) await plantRequest(world, { caseId });
    const [first = '', second = ''] = ids;
    await world.removeLegacyRequest(first);
    const slice = await world.legacyIndex.compareRows(first, 1);
    expect(slice.rows[0]?.row.caseId).to.equal(second);
  });
}

function entriesContract(open: OpenWorld<keyof World>): void {
  it('keeps an entry, and puts another one in its place', async () => {
    const world = await open();
    const { caseId } = await plantRequest(world);
    const first = newEntry(caseId);
    await world.legacyIndex.put([first]);
    expect((await compared(world, caseId))?.entry).to.deep.equal(first);
    const hashes = { national_id: newHash(), email: newHash() };
    const second = newEntry(caseId, { vendorId: null, createdAt: at(0.001), hashes });
    await world.legacyIndex.put([second]);
    expect((await compared(world, caseId))?.entry).to.deep.equal(second);
    await world.legacyIndex.put([newEntry(caseId, { hashes: {} })]);
    expect((await compared(world, caseId))?.entry?.hashes).to.deep.equal({});
  });

  it('takes no entries as well as many', async () => {
    const world = await open();
    await world.legacyIndex.put([]);
    const ids = Array.from({ length: 50 }, newId);
    for (const caseId of ids) await plantRequest(world, { caseId });
    const before = await world.legacyIndex.count();
    await atOnce(3, () => world.legacyIndex.put(ids.map((caseId) => newEntry(caseId))));
    const after = await world.legacyIndex.count();
    expect(after).to.deep.equal({ rows: before.rows, entries: before.entries + 50 });
  });

  it('removes the entries of rows that are gone, within the slice only', async () => {
    const world = await open();
    const ids = Array.from({ length: 5 }, newId);
    for (const caseId of ids) await plantRequest(world, { caseId });
    await world.legacyIndex.put(ids.map((caseId) => newEntry(caseId)));
    const [first = '', second = '', third = '', fourth = ''] = ids;
    for (const caseId of [second, third, fourth]) await world.removeLegacyRequest(caseId);
    const { entries } = await world.legacyIndex.count();
    expect(await world.legacyIndex.removeVanished(first, third)).to.equal(2);
    expect(await world.legacyIndex.removeVanished(first, third)).to.equal(0);
    expect(await world.legacyIndex.removeVanished(null, null)).to.equal(1);
    expect((await world.legacyIndex.count()).entries).to.equal(entries - 3);
  });
}

/** Of several who save from the same place one does. */
export async function checkParallelProgress({
  forgetLegacyIndex,
  legacyIndex,
}: Pick<World, 'forgetLegacyIndex' | 'legacyIndex'>): Promise<void> {
  await forgetLegacyIndex();
  const saves: readonly ((index: LegacyIndex) => Promise<boolean>)[] = [
    (index) => index.saveBuilt(null, newId()),
    (index) => index.saveCompared(null, newId(), NOW),
    (index) => index.complete(NOW),
  ];
  for (const save of saves) {
    const saved = await atOnce(8, () => save(legacyIndex));
    expect(saved.filter(Boolean)).to.have.length(1);
  }
}

function progressContract(open: OpenWorld<keyof World>): void {
  it('remembers how far it was built and compared', async () => {
    const { legacyIndex } = await open();
    const none = { builtThrough: null, completedAt: null, comparedThrough: null, comparedAt: null };
    expect(await legacyIndex.readState()).to.deep.equal(none);
    const [first, second] = [newId(), newId()];
    expect(await legacyIndex.saveBuilt(null, first)).to.equal(true);
    expect(await legacyIndex.saveBuilt(null, second)).to.equal(false);
    expect(await legacyIndex.saveBuilt(first, second)).to.equal(true);
    expect(await legacyIndex.complete(at(1))).to.equal(true);
    expect(await legacyIndex.complete(at(2))).to.equal(false);
    expect(await legacyIndex.saveCompared(null, first, at(3))).to.equal(true);
    const built = { builtThrough: second, completedAt: at(1) };
    expect(await legacyIndex.readState()).to.deep.equal({
      ...built,
      comparedThrough: first,
      comparedAt: null,
    });
    expect(await legacyIndex.saveCompared(second, null, at(4))).to.equal(false);
    expect(await legacyIndex.saveCompared(first, null, at(4))).to.equal(true);
    const ended = { ...built, comparedThrough: null, comparedAt: at(4) };
    expect(await legacyIndex.readState()).to.deep.equal(ended);
  });

  it('lets one of several save from the same place', async () => {
    await checkParallelProgress(await open());
  });
}
