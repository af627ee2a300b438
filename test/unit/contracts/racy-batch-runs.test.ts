import { AssertionError, expect } from 'chai';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryBatchRunStore } from '../../../src/adapters/memory/stores/batch-run-store.ts';
import type { BatchRunStore } from '../../../src/application/ports/stores/batch-run-store.ts';
import { checkParallelOpening } from '../../contracts/stores/batch-run-store.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';

/** Looks whether there is a run of the file, and then adds one. */
class RacyBatchRuns extends MemoryBatchRunStore implements BatchRunStore {
  readonly #database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    super(database);
    this.#database = database;
  }

  override async open(run: Parameters<BatchRunStore['open']>[0]): ReturnType<BatchRunStore['open']> {
    const known = run.fileDigest && (await this.findByFile(run.kind, run.fileDigest));
    if (known?.finishedAt === null) return known;
    await this.#database.write((tables) => tables.batchRuns.add(run.id, run));
    return run;
  }
}

describe('A store of runs that reads, lets others pass, and writes', () => {
  it('fails the contract of runs', async () => {
    const database = new MemoryDatabase();
    const batchRuns = new RacyBatchRuns(database);
    expect(await failureOf(checkParallelOpening({ batchRuns }))).to.be.instanceOf(AssertionError);
    await checkParallelOpening({ batchRuns: new MemoryBatchRunStore(database) });
  });
});
