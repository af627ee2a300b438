import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { setSealedText } from '../../../src/adapters/memory/sealed-texts.ts';
import { MemoryDataKeyStore } from '../../../src/adapters/memory/stores/data-key-store.ts';
import { MemorySealedTextStore } from '../../../src/adapters/memory/stores/sealed-text-store.ts';
import type {
  DataKeyStore,
  DataKeySuccession,
} from '../../../src/application/ports/stores/data-key-store.ts';
import type {
  ResealedText,
  SealedColumn,
  SealedTextStore,
} from '../../../src/application/ports/stores/sealed-text-store.ts';
import { checkParallelSuccessions } from '../../contracts/stores/data-key-store.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { checkParallelReseals } from '../../contracts/stores/sealed-text-store.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

/** Looks which keys are still current, and then replaces them. */
class RacyDataKeys extends MemoryDataKeyStore implements DataKeyStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess) {
    super(database);
    this.#database = database;
  }

  override async replaceCurrent(successions: readonly DataKeySuccession[], now: Date): Promise<number> {
    const current = new Map((await this.listCurrent()).map((key) => [key.id, key]));
    const due = successions.filter(({ formerId }) => current.has(formerId));
    await this.#database.write((tables) => {
      for (const { formerId, key } of due) {
        tables.dataKeys.set(formerId, { ...current.get(formerId)!, retiredAt: now });
        tables.dataKeys.set(key.id, key);
      }
    });
    return due.length;
  }
}

/** Looks whether the text is still the same, and then replaces it. */
class RacySealedTexts extends MemorySealedTextStore implements SealedTextStore {
  readonly #database: MemoryAccess;

  constructor(database: MemoryAccess) {
    super(database);
    this.#database = database;
  }

  override async replace(_: SealedColumn, texts: readonly ResealedText[]): Promise<number> {
    const same = await this.#database.read((tables) =>
      texts.filter(({ rowId, sealed }) => tables.outboxEntries.get(rowId)?.payload?.keyId === sealed.keyId),
    );
    await this.#database.write((tables) => {
      for (const text of same) setSealedText(tables, text, text.resealed);
    });
    return same.length;
  }
}

describe('A store of keys and texts that reads first and writes later', () => {
  it('fails the contract of data keys', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), dataKeyStore: new RacyDataKeys(database) };
    expect(await failureOf(checkParallelSuccessions(world))).to.be.instanceOf(AssertionError);
    await checkParallelSuccessions(memoryStoreWorld(database));
  });

  it('fails the contract of sealed texts', async () => {
    const database = new MemoryDatabase();
    const world = { ...memoryStoreWorld(database), sealedTexts: new RacySealedTexts(database) };
    expect(await failureOf(checkParallelReseals(world))).to.be.instanceOf(AssertionError);
    await checkParallelReseals(memoryStoreWorld(database));
  });
});
