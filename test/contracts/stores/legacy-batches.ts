import { expect } from 'chai';
import { endLink } from '../../../src/domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../src/domain/legacy/legacy-record.ts';
import type { BatchRunId } from '../../../src/domain/shared/ids.ts';
import { atOnce, undo } from './expectations.ts';
import { at, newId, NOW, plantTenant } from './fixtures.ts';
import {
  type Linking,
  newLink,
  plantLink,
  plantLinked,
  plantLinking,
  plantRequests,
} from './legacy-fixtures.ts';
import { newRun } from './batch-run-store.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  | 'unitOfWork'
  | 'batchRuns'
  | 'dataKeyStore'
  | 'legacyLinkDirectory'
  | 'readLegacyOwner'
  | 'removeLegacyRequest'
  | 'writeLegacyRequest'
>;

const storeOf = ({ unitOfWork }: Pick<World, 'unitOfWork'>, { user }: Linking) =>
  unitOfWork.stores(user.tenantId).legacyLinks;

const idsOf = (cases: readonly { readonly caseId: string }[]) => cases.map(({ caseId }) => caseId).sort();

/** A link with rows that a run has stamped, in the order of their ids. */
async function plantRun(world: World, count: number, linking?: Linking, runId: BatchRunId = newId()) {
  const owner = linking ?? (await plantLinking(world));
  const link = await plantLinked(world, owner);
  const records = [...(await plantRequests(world, count))].sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
  await storeOf(world, owner).stamp(link, records, runId, NOW);
  return { linking: owner, link, records, runId };
}

const ownersOf = ({ readLegacyOwner }: World, records: readonly LegacyRecord[]) =>
  Promise.all(records.map(({ caseId }) => readLegacyOwner(caseId)));

function holding(name: string, open: OpenWorld<keyof World>): void {
  describe(`LegacyLinkStore: ${name}, links that are held`, () => {
    it('says whether a link counts', async () => {
      const world = await open();
      const linking = await plantLinking(world);
      const store = storeOf(world, linking);
      const [linked, over] = [await plantLinked(world, linking), await plantLinked(world, linking)];
      const claim = await plantLink(world, newLink(linking));
      await store.save(endLink(over, at(2)), null);
      expect(await store.hold(linked.id)).to.equal(true);
      expect(await store.hold(over.id)).to.equal(false);
      expect(await store.hold(claim.id)).to.equal(false);
      expect(await store.hold(newId())).to.equal(false);
      const theirs = world.unitOfWork.stores((await plantTenant(world)).id).legacyLinks;
      expect(await theirs.hold(linked.id)).to.equal(false);
    });

    it('says whether a run is over', async () => {
      const world = await open();
      const { batchRuns } = world;
      const store = storeOf(world, await plantLinking(world));
      const [run, finished, undone] = [newRun(), newRun(), newRun()];
      for (const each of [run, finished, undone]) await batchRuns.open(each);
      await batchRuns.finish(finished.id, at(1));
      await batchRuns.undo(undone.id, at(1));
      expect(await store.holdRun(run.id)).to.equal(true);
      for (const { id } of [finished, undone, { id: newId() }]) {
        expect(await store.holdRun(id)).to.equal(false);
      }
    });

    it('lets no run that ends at the same moment keep a row that it stamps', async () => {
      const world = await open();
      for (let round = 0; round < 5; round += 1) await checkStampedWhileUndone(world);
    });

    it('lets no link that ends at the same moment keep a row', async () => {
      const world = await open();
      for (let round = 0; round < 5; round += 1) await checkHeldWhileEnding(world);
    });
  });
}

/** A link ends while six units of work stamp a row by it: no row is left with it. */
export async function checkHeldWhileEnding(world: World): Promise<void> {
  const linking = await plantLinking(world);
  const link = await plantLinked(world, linking);
  const records = await plantRequests(world, 6);
  await atOnce(7, (index) =>
    world.unitOfWork.run(linking.user.tenantId, async ({ legacyLinks }) => {
      if (index === 3) {
        await legacyLinks.save(endLink(link, at(2)), null);
        await legacyLinks.unstamp(link.id);
      } else if (await legacyLinks.hold(link.id)) {
        await legacyLinks.stamp(link, [records[index % 6]!], null, NOW);
      }
    }),
  );
  expect(new Set(await ownersOf(world, records))).to.deep.equal(new Set([null]));
}

/** A run is over while six units of work stamp a row by it, and is then undone: no row is left with it. */
export async function checkStampedWhileUndone(world: World): Promise<void> {
  const linking = await plantLinking(world);
  const link = await plantLinked(world, linking);
  const records = await plantRequests(world, 6);
  const { id: runId } = await world.batchRuns.open(newRun());
  await atOnce(7, async (index) => {
    if (index === 3) {
      await world.batchRuns.finish(runId, at(1));
      await storeOf(world, linking).unstampRun(runId, null, 100);
    } else {
      await world.unitOfWork.run(linking.user.tenantId, async ({ legacyLinks }) => {
        if (await legacyLinks.holdRun(runId)) {
          await legacyLinks.stamp(link, [records[index % 6]!], runId, NOW);
        }
      });
    }
  });
  expect(new Set(await ownersOf(world, records))).to.deep.equal(new Set([null]));
}

function undoing(name: string, open: OpenWorld<keyof World>): void {
  describe(`LegacyLinkStore: ${name}, runs that are undone`, () => {
    it('takes the owner from the next rows of a run, and says where to go on', async () => {
      const world = await open();
      const { linking, link, records, runId } = await plantRun(world, 3);
      const store = storeOf(world, linking);
      const first = await store.unstampRun(runId, null, 2);
      expect(idsOf(first.cases)).to.deep.equal(idsOf(records.slice(0, 2)));
      expect(first.cases.every(({ isAdopted }) => !isAdopted)).to.equal(true);
      expect(first.last).to.equal(records[1]!.caseId);
      expect(await ownersOf(world, records)).to.deep.equal([null, null, linking.user.id]);
      const second = await store.unstampRun(runId, first.last, 2);
      expect(idsOf(second.cases)).to.deep.equal([records[2]!.caseId]);
      expect(await store.unstampRun(runId, second.last, 2)).to.deep.equal({ cases: [], last: null });
      expect(await ownersOf(world, records)).to.deep.equal([null, null, null]);
      expect(await store.countStamped(link.id)).to.equal(0);
    });

    it('leaves what other runs did, and what none did', async () => {
      const world = await open();
      const { linking, link, runId } = await plantRun(world, 1);
      const other = await plantRun(world, 1, linking);
      const byNone = await plantRequests(world, 1);
      await storeOf(world, linking).stamp(link, byNone, null, NOW);
      await storeOf(world, linking).unstampRun(runId, null, 100);
      const left = [...other.records, ...byNone];
      expect(new Set(await ownersOf(world, left))).to.deep.equal(new Set([linking.user.id]));
    });

    it('leaves rows that are somebody else’s by now, and forgets those that are gone', async () => {
      const world = await open();
      const { linking, link, records, runId } = await plantRun(world, 2);
      const [taken, gone] = records as [LegacyRecord, LegacyRecord];
      const other = await plantLinking(world);
      const theirs = await plantLinked(world, other);
      await storeOf(world, linking).unstamp(link.id);
      await storeOf(world, other).stamp(theirs, [taken], null, NOW);
      await storeOf(world, linking).stamp(link, [gone], runId, NOW);
      await world.removeLegacyRequest(gone.caseId);
      expect((await storeOf(world, linking).unstampRun(runId, null, 100)).cases).to.deep.equal([]);
      expect(await world.readLegacyOwner(taken.caseId)).to.equal(other.user.id);
      expect(await world.legacyLinkDirectory.countStampedBy(runId)).to.deep.equal(new Map());
    });

    it('takes nothing of another tenant back', async () => {
      const world = await open();
      const { linking, records, runId } = await plantRun(world, 1);
      const theirs = world.unitOfWork.stores((await plantTenant(world)).id).legacyLinks;
      expect(await theirs.unstampRun(runId, null, 100)).to.deep.equal({ cases: [], last: null });
      expect(await ownersOf(world, records)).to.deep.equal([linking.user.id]);
    });

    it('keeps what the unit of work keeps', async () => {
      const world = await open();
      const { linking, records, runId } = await plantRun(world, 1);
      await undo(world, linking.user.tenantId, async ({ legacyLinks }) => {
        await legacyLinks.unstampRun(runId, null, 100);
      });
      expect(await ownersOf(world, records)).to.deep.equal([linking.user.id]);
      expect(await world.legacyLinkDirectory.countStampedBy(runId)).to.have.property('size', 1);
    });

    it('tells each row to one of many who undo the run at once', async () => {
      await checkParallelUndo(await open());
    });

    it('is counted by the tenants of the owners', async () => {
      const world = await open();
      const first = await plantRun(world, 2);
      const { linking } = await plantRun(world, 3, undefined, first.runId);
      await plantRun(world, 1);
      const counted = await world.legacyLinkDirectory.countStampedBy(first.runId);
      expect(counted).to.deep.equal(
        new Map([
          [first.linking.user.tenantId, 2],
          [linking.user.tenantId, 3],
        ]),
      );
      expect(await world.legacyLinkDirectory.countStampedBy(newId())).to.deep.equal(new Map());
    });
  });
}

/** Four undo a run of eight rows at once: each row is told to one of them at most, and none is left. */
export async function checkParallelUndo(world: World): Promise<void> {
  const { linking, records, runId } = await plantRun(world, 8);
  const batches = await atOnce(4, () => storeOf(world, linking).unstampRun(runId, null, 100));
  const told = idsOf(batches.flatMap(({ cases }) => cases));
  expect(new Set(told)).to.have.property('size', told.length);
  await storeOf(world, linking).unstampRun(runId, null, 100);
  expect(new Set(await ownersOf(world, records))).to.deep.equal(new Set([null]));
}

/** What a store of legacy links, and the directory of all of them, must do for batches. */
export function legacyBatchesContract(name: string, open: OpenWorld<keyof World>): void {
  holding(name, open);
  undoing(name, open);
}
