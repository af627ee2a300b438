import { AssertionError, expect } from 'chai';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryLegacyIndex } from '../../../src/adapters/memory/stores/legacy-index.ts';
import type { LegacyIndex } from '../../../src/application/ports/legacy/legacy-index.ts';
import type { LegacyLookup, LegacyRequests } from '../../../src/application/ports/legacy/legacy-requests.ts';
import type { LegacyRecord } from '../../../src/domain/legacy/legacy-record.ts';
import { sameOctets } from '../../../src/domain/shared/octets.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { checkParallelProgress } from '../../contracts/stores/legacy-index.ts';
import { checkLiveRows, checkRowsBesideIndex } from '../../contracts/stores/legacy-requests.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

/** Reads how far the index is, and says that it has saved where that was as expected. */
const racyIndex = (database: MemoryDatabase): LegacyIndex => {
  const index = new MemoryLegacyIndex(database);
  const saving = (isExpected: (state: Awaited<ReturnType<typeof index.readState>>) => boolean) => async () =>
    isExpected(await index.readState());
  return {
    readState: () => index.readState(),
    compareRows: (after, limit) => index.compareRows(after, limit),
    listUnindexed: (after, limit) => index.listUnindexed(after, limit),
    listRecentlyUnindexed: (now, limit) => index.listRecentlyUnindexed(now, limit),
    put: (entries) => index.put(entries),
    removeVanished: (after, through) => index.removeVanished(after, through),
    saveBuilt: saving(({ builtThrough }) => builtThrough === null),
    complete: saving(({ completedAt }) => completedAt === null),
    saveCompared: saving(({ comparedThrough }) => comparedThrough === null),
    count: () => index.count(),
  };
};

/** Goes by the index alone. @param isTrusting whether it takes the index at its word, too */
const blindRequests = (database: MemoryDatabase, isTrusting: boolean): LegacyRequests => ({
  findByIdentifier: ({ hash, kind, normal, vendorId }: LegacyLookup) =>
    database.read((tables) =>
      [...tables.legacyIndex.values()].flatMap(({ caseId, hashes }): readonly LegacyRecord[] => {
        const row = tables.legacyRequests.get(caseId);
        const says = isTrusting || (row?.userId === normal && row.vendorId === vendorId);
        if (!row || !says || !sameOctets(hashes[kind] ?? new Uint8Array(), hash)) return [];
        const { identifier, ownerId, userId } = row;
        return [{ caseId, vendorId, userId, identifier, ownerId }];
      }),
    ),
});

describe('An index of legacy requests that is not what it has to be', () => {
  it('fails the contract where two save from the same place', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const racy = { ...world, legacyIndex: racyIndex(database) };
    expect(await failureOf(checkParallelProgress(racy))).to.be.instanceOf(AssertionError);
    await checkParallelProgress(world);
  });

  for (const [what, isTrusting, check] of [
    ['that takes it at its word', true, checkLiveRows],
    ['that sees nothing beside it', false, checkRowsBesideIndex],
  ] as const) {
    it(`fails the contract of look-ups ${what}`, async () => {
      const database = new MemoryDatabase();
      const world = memoryStoreWorld(database);
      const openLegacyRequests = () => blindRequests(database, isTrusting);
      expect(await failureOf(check({ ...world, openLegacyRequests }))).to.be.instanceOf(AssertionError);
      await check(memoryStoreWorld());
    });
  }
});
