import { expect } from 'chai';
import type { BatchRun } from '../../../src/application/ports/stores/batch-run-store.ts';
import type { StoreWorld, OpenWorld } from './store-world.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import { at, newHash, newId, NOW, plantTenant, plantUser } from './fixtures.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'batchRuns'>;

/** A run that is not stored yet. */
export const newRun = (given: Partial<BatchRun> = {}): BatchRun => ({
  id: newId(),
  kind: 'users-import',
  fileDigest: newHash(),
  options: { tenant: null, isDry: true, limit: 5, reason: 'told' },
  position: null,
  createdAt: NOW,
  finishedAt: null,
  undoneAt: null,
  ...given,
});

/** What every `BatchRunStore` and every `ImportedUserStore` keep. */
export function batchRunStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a BatchRunStore`, () => {
    describe('opening', () => {
      openingContract(open);
    });
    describe('going on', () => {
      goingOnContract(open);
    });
    describe('lines of accounts', () => {
      linesContract(open);
    });
  });
}

function openingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was opened, by its id and by its file', async () => {
    const { batchRuns } = await open();
    const run = newRun();
    expect(await batchRuns.open(run)).to.deep.equal(run);
    expect(await batchRuns.find(run.id)).to.deep.equal(run);
    expect(await batchRuns.findByFile(run.kind, run.fileDigest!)).to.deep.equal(run);
  });

  it('finds nothing that was never opened', async () => {
    const { batchRuns } = await open();
    const run = await batchRuns.open(newRun());
    expect(await batchRuns.find(newId())).to.equal(null);
    expect(await batchRuns.findByFile(run.kind, newHash())).to.equal(null);
    expect(await batchRuns.findByFile('legacy-link', run.fileDigest!)).to.equal(null);
  });

  it('gives the run that is not over to whoever comes with the same file, as it was told then', async () => {
    const { batchRuns } = await open();
    const run = await batchRuns.open(newRun());
    const again = newRun({ fileDigest: run.fileDigest, options: {}, createdAt: at(1) });
    expect(await batchRuns.open(again)).to.deep.equal(run);
    expect(await batchRuns.find(again.id)).to.equal(null);
  });

  it('opens a new one for another file, another kind, and where the last one is over', async () => {
    const { batchRuns } = await open();
    const { id, fileDigest } = await batchRuns.open(newRun());
    for (const run of [newRun(), newRun({ kind: 'legacy-link', fileDigest })]) {
      expect(await batchRuns.open(run)).to.deep.equal(run);
    }
    await batchRuns.finish(id, at(1));
    const next = newRun({ fileDigest, createdAt: at(2) });
    expect(await batchRuns.open(next)).to.deep.equal(next);
    expect(await batchRuns.findByFile('users-import', fileDigest!)).to.deep.equal(next);
  });

  it('gives the run of a kind without a file to all until it is over', async () => {
    const { batchRuns } = await open();
    const run = newRun({ kind: 'legacy-backfill', fileDigest: null });
    expect(await batchRuns.open(run)).to.deep.equal(run);
    const next = newRun({ kind: 'legacy-backfill', fileDigest: null, createdAt: at(1) });
    expect(await batchRuns.open(next)).to.deep.equal(run);
    await batchRuns.finish(run.id, at(2));
    expect(await batchRuns.open(next)).to.deep.equal(next);
    await batchRuns.finish(next.id, at(2));
  });

  it('gives the same run to all of many who open it at once', async () => {
    await checkParallelOpening(await open());
  });
}

/** The same file, or none, is opened twenty times at once: all get one run. */
export async function checkParallelOpening({ batchRuns }: Pick<StoreWorld, 'batchRuns'>): Promise<void> {
  for (const fileDigest of [null, newHash()]) {
    const opened = await atOnce(20, () => batchRuns.open(newRun({ fileDigest })));
    expect(new Set(opened.map(({ id }) => id))).to.have.property('size', 1);
    expect(await batchRuns.find(opened[0]!.id)).to.deep.equal(opened[0]);
    await batchRuns.finish(opened[0]!.id, at(1));
  }
}

function goingOnContract(open: OpenWorld<keyof World>): void {
  it('keeps how far a run has come, and leaves others alone', async () => {
    const { batchRuns } = await open();
    const [run, other] = [await batchRuns.open(newRun()), await batchRuns.open(newRun())];
    expect(await batchRuns.advance(run.id, 'line 5')).to.equal(true);
    expect(await batchRuns.advance(run.id, 'line 7')).to.equal(true);
    expect(await batchRuns.find(run.id)).to.deep.equal({ ...run, position: 'line 7' });
    expect(await batchRuns.find(other.id)).to.deep.equal(other);
    await batchRuns.finish(run.id, at(1));
    expect(await batchRuns.advance(run.id, 'line 9')).to.equal(false);
    expect(await batchRuns.find(run.id)).to.include({ position: 'line 7' });
    expect(await batchRuns.advance(newId(), 'line 9')).to.equal(false);
  });

  it('keeps when a run was over first', async () => {
    const { batchRuns } = await open();
    const run = await batchRuns.open(newRun());
    await batchRuns.finish(run.id, at(5));
    await batchRuns.finish(run.id, at(9));
    expect(await batchRuns.find(run.id)).to.deep.equal({ ...run, finishedAt: at(5) });
  });

  it('is undone by one of many who undo it at once, and is over by that', async () => {
    const { batchRuns } = await open();
    const run = await batchRuns.open(newRun());
    const undone = await atOnce(8, () => batchRuns.undo(run.id, at(4)));
    expect(undone.filter(Boolean)).to.have.length(1);
    expect(await batchRuns.find(run.id)).to.deep.equal({ ...run, finishedAt: at(4), undoneAt: at(4) });
    expect(await batchRuns.undo(newId(), at(4))).to.equal(false);
  });
}

function linesContract(open: OpenWorld<keyof World>): void {
  it('lists the lines that have an account, within the asked ones and of the run, in ascending order', async () => {
    const world = await open();
    const { batchRuns } = world;
    const [run, other] = [await batchRuns.open(newRun()), await batchRuns.open(newRun())];
    const user = await plantUser(world);
    const elsewhere = await plantUser(world);
    for (const line of [9, 2, 4, 5]) {
      await world.unitOfWork
        .stores(user.tenantId)
        .importedUsers.add({ runId: run.id, line, userId: user.id });
    }
    const { importedUsers } = world.unitOfWork.stores(elsewhere.tenantId);
    await importedUsers.add({ runId: run.id, line: 3, userId: elsewhere.id });
    await importedUsers.add({ runId: other.id, line: 4, userId: elsewhere.id });
    expect(await batchRuns.listImportedLines(run.id, 3, 5)).to.deep.equal([3, 4, 5]);
    expect(await batchRuns.listImportedLines(run.id, 1, 100)).to.deep.equal([2, 3, 4, 5, 9]);
    expect(await batchRuns.listImportedLines(run.id, 6, 8)).to.deep.equal([]);
    expect(await batchRuns.listImportedLines(newId(), 1, 100)).to.deep.equal([]);
  });

  it('keeps one account a line, of the own tenant, of a run that there is, and none of work that is undone', async () => {
    const world = await open();
    const { id: runId } = await world.batchRuns.open(newRun());
    const [user, other] = [await plantUser(world), await plantUser(world)];
    const { importedUsers } = world.unitOfWork.stores(user.tenantId);
    await importedUsers.add({ runId, line: 2, userId: user.id });
    await undo(world, user.tenantId, (stores) =>
      stores.importedUsers.add({ runId, line: 3, userId: user.id }),
    );
    for (const wrong of [
      { runId, line: 2, userId: user.id },
      { runId, line: 4, userId: other.id },
      { runId: newId(), line: 4, userId: user.id },
    ]) {
      await failureOf(importedUsers.add(wrong));
    }
    const elsewhere = world.unitOfWork.stores((await plantTenant(world)).id).importedUsers;
    await failureOf(elsewhere.add({ runId, line: 5, userId: user.id }));
    expect(await world.batchRuns.listImportedLines(runId, 1, 100)).to.deep.equal([2]);
  });
}
