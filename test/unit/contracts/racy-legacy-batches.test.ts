import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryLegacyLinkStore } from '../../../src/adapters/memory/stores/legacy-link-store.ts';
import type { UnstampedBatch } from '../../../src/application/ports/stores/legacy-link-store.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { BatchRunId, CaseId, TenantId } from '../../../src/domain/shared/ids.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { checkParallelUndo } from '../../contracts/stores/legacy-batches.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

/** Looks which rows the run has stamped, and then takes them back. */
class RacyBatches extends MemoryLegacyLinkStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess, tenantId: TenantId) {
    super(database, tenantId);
    this.#database = database;
  }

  override async unstampRun(runId: BatchRunId, after: CaseId | null, limit: number): Promise<UnstampedBatch> {
    const found = await this.#database.read((tables) =>
      [...tables.legacyStamps.entries()].filter(([, stamp]) => stamp.runId === runId),
    );
    const { last } = await super.unstampRun(runId, after, limit);
    return { cases: found.map(([caseId]) => ({ caseId, isAdopted: false })), last };
  }
}

describe('A store of legacy links that looks first and takes back later', () => {
  it('fails the contract of undone runs', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const unitOfWork: UnitOfWork = {
      stores: (tenantId) => ({
        ...world.unitOfWork.stores(tenantId),
        legacyLinks: new RacyBatches(database, tenantId),
      }),
      run: (tenantId, work) => world.unitOfWork.run(tenantId, work),
    };
    expect(await failureOf(checkParallelUndo({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkParallelUndo(world);
  });
});
