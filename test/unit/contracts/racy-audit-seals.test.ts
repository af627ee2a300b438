import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { AUDIT_HEAD_KEY } from '../../../src/adapters/memory/memory-tables.ts';
import { MemoryAuditSealStore } from '../../../src/adapters/memory/stores/audit-seal-store.ts';
import type { AuditSealStore } from '../../../src/application/ports/stores/audit-seal-store.ts';
import type { SealedBatch } from '../../../src/domain/audit/audit-chain.ts';
import { checkParallelSealing } from '../../contracts/stores/audit-seal-store.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

/** Looks where the chain ends, and then continues it. */
class RacyAuditSeals extends MemoryAuditSealStore implements AuditSealStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess) {
    super(database);
    this.#database = database;
  }

  override async append({ head, links, seal }: SealedBatch): Promise<boolean> {
    const before = await this.#database.read((tables) => tables.auditHead.get(AUDIT_HEAD_KEY));
    if (before?.number !== head.number - 1) return false;
    await this.#database.write((tables) => {
      tables.auditSeals.set(seal.number, seal);
      for (const link of links) tables.auditLinks.set(link.position, link);
      tables.auditHead.set(AUDIT_HEAD_KEY, head);
    });
    return true;
  }
}

/** Keeps the links first, and the seal where nobody else was quicker. */
class HastyAuditSeals extends RacyAuditSeals {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess) {
    super(database);
    this.#database = database;
  }

  override async append(batch: SealedBatch): Promise<boolean> {
    await this.#database.write((tables) => {
      for (const link of batch.links) tables.auditLinks.set(link.position, link);
    });
    return super.append({ ...batch, links: [] });
  }
}

describe('A store of seals that reads first and writes later', () => {
  for (const Racy of [RacyAuditSeals, HastyAuditSeals]) {
    it(`fails the contract (${Racy.name})`, async () => {
      const database = new MemoryDatabase();
      const world = { ...memoryStoreWorld(database), auditSeals: new Racy(database) };
      expect(await failureOf(checkParallelSealing(world))).to.be.instanceOf(AssertionError);
    });
  }

  it('is told from one that does both at once', async () => {
    await checkParallelSealing(memoryStoreWorld());
  });
});
