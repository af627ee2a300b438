import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryBreakGlassStore } from '../../../src/adapters/memory/stores/break-glass-store.ts';
import type { SealedText } from '../../../src/application/ports/security/text-cipher.ts';
import type { BreakGlassStore } from '../../../src/application/ports/stores/break-glass-store.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { GrantReview } from '../../../src/domain/cases/break-glass.ts';
import type { GrantId, TenantId } from '../../../src/domain/shared/ids.ts';
import { checkParallelReviews } from '../../contracts/stores/break-glass-store.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

/** Looks whether the grant waits for its review, and then keeps one. */
class RacyGrants extends MemoryBreakGlassStore implements BreakGlassStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess, tenantId: TenantId) {
    super(database, tenantId);
    this.#database = database;
  }

  override async review(id: GrantId, review: GrantReview, note: SealedText): Promise<boolean> {
    const found = await this.find(id);
    if (found?.review !== null) return false;
    await this.#database.write((tables) => tables.breakGlassGrants.set(id, { ...found, review, note }));
    return true;
  }
}

describe('A store of break-glass grants that reads first and writes later', () => {
  it('fails the contract of reviews', async () => {
    const database = new MemoryDatabase();
    const world = memoryStoreWorld(database);
    const unitOfWork: UnitOfWork = {
      stores: (tenantId) => ({
        ...world.unitOfWork.stores(tenantId),
        breakGlass: new RacyGrants(database, tenantId),
      }),
      run: (tenantId, work) => world.unitOfWork.run(tenantId, work),
    };
    expect(await failureOf(checkParallelReviews({ ...world, unitOfWork }))).to.be.instanceOf(AssertionError);
    await checkParallelReviews(world);
  });
});
