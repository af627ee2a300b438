import { expect } from 'chai';
import { EnvelopeKeyProvider } from '../../../src/adapters/crypto/envelope-key-provider.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { SealBroken } from '../../../src/adapters/crypto/seal-broken.ts';
import { FixedClock } from '../../../src/adapters/memory/fixed-clock.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryDataKeyStore } from '../../../src/adapters/memory/stores/data-key-store.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import type {
  DataKeyStore,
  DataKeySuccession,
  StoredDataKey,
} from '../../../src/application/ports/stores/data-key-store.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';
import { dataKeyRotationContract } from '../../contracts/security/data-key-rotation-contract.ts';
import { keyProviderContract } from '../../contracts/security/key-provider-contract.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';
import { newEntry } from '../../contracts/stores/fixtures.ts';

const TENANT = '01900000-0000-7000-8000-0000000000a1';
const OTHER_TENANT = '01900000-0000-7000-8000-0000000000a2';
const NOW = new Date('2026-03-01T12:00:00Z');

/** A store that counts what it is asked, and that can be out of reach. */
class WatchedDataKeyStore implements DataKeyStore {
  readonly #store: DataKeyStore;
  calls = 0;
  failure: Error | null = null;
  /** What a replacement of keys fails with after it was done; `null` while answers come. */
  lostAnswer: Error | null = null;

  constructor(store: DataKeyStore) {
    this.#store = store;
  }

  async findCurrent(tenantId: TenantId): Promise<StoredDataKey | null> {
    this.#count();
    return this.#store.findCurrent(tenantId);
  }

  async find(tenantId: TenantId, id: string): Promise<StoredDataKey | null> {
    this.#count();
    return this.#store.find(tenantId, id);
  }

  async addFirst(key: StoredDataKey): Promise<StoredDataKey> {
    this.#count();
    return this.#store.addFirst(key);
  }

  async listCurrent(): Promise<readonly StoredDataKey[]> {
    this.#count();
    return this.#store.listCurrent();
  }

  /** Where it fails, it has done what it was to do: the answer was lost. */
  async replaceCurrent(
    successions: readonly DataKeySuccession[],
    now: Date,
    audit: AuditEntry,
  ): Promise<number> {
    const replaced = await this.#store.replaceCurrent(successions, now, audit);
    if (this.lostAnswer) throw this.lostAnswer;
    return replaced;
  }

  async lastRetirement(): Promise<Date | null> {
    this.#count();
    return this.#store.lastRetirement();
  }

  async listRetiredBefore(before: Date): Promise<readonly StoredDataKey[]> {
    this.#count();
    return this.#store.listRetiredBefore(before);
  }

  async destroy(tenantId: TenantId, id: string, audit: AuditEntry): Promise<boolean> {
    this.#count();
    return this.#store.destroy(tenantId, id, audit);
  }

  #count(): void {
    this.calls += 1;
    if (this.failure) throw this.failure;
  }
}

const provider = (dataKeys: DataKeyStore, fill = 7) =>
  new EnvelopeKeyProvider({
    dataKeys,
    masterKey: new MasterKey(Buffer.alloc(32, fill)),
    idGenerator: new UuidV7Generator(),
    clock: new FixedClock(NOW),
  });

keyProviderContract('EnvelopeKeyProvider', () => ({
  keyProvider: provider(new MemoryDataKeyStore(new MemoryDatabase())),
  tenantId: TENANT,
  otherTenantId: OTHER_TENANT,
}));

dataKeyRotationContract('EnvelopeKeyProvider', () => {
  const keys = provider(new MemoryDataKeyStore(new MemoryDatabase()));
  return { keyProvider: keys, dataKeyRotation: keys, tenantId: TENANT, otherTenantId: OTHER_TENANT };
});

describe('EnvelopeKeyProvider', () => {
  let memory: MemoryDataKeyStore;
  let store: WatchedDataKeyStore;

  beforeEach(() => {
    memory = new MemoryDataKeyStore(new MemoryDatabase());
    store = new WatchedDataKeyStore(memory);
  });

  it('stores the key wrapped', async () => {
    const { id, key } = await provider(store).currentKey(TENANT);
    const stored = await memory.findCurrent(TENANT);
    expect(stored).to.include({ id, tenantId: TENANT, createdAt: NOW });
    expect(Buffer.from(stored!.wrappedKey).includes(Buffer.from(key))).to.equal(false);
  });

  it('gives one first key to many processes that ask at once', async () => {
    const processes = Array.from({ length: 10 }, () => provider(memory));
    const keys = await Promise.all(processes.map((process) => process.currentKey(TENANT)));
    expect(new Set(keys.map(({ id }) => id))).to.have.property('size', 1);
    expect(new Set(keys.map(({ key }) => Buffer.from(key).toString('hex')))).to.have.property('size', 1);
  });

  it('asks the store once for a key that is used again and again', async () => {
    const { id } = await provider(memory).currentKey(TENANT);
    const keys = provider(store);
    for (let use = 0; use < 10; use += 1) {
      await Promise.all([keys.currentKey(TENANT), keys.keyById(TENANT, id), keys.keyById(TENANT, id)]);
    }
    expect(store.calls).to.equal(2);
  });

  it('finds a key by id that did not exist when it was first asked for', async () => {
    const keys = provider(store);
    expect(await keys.keyById(TENANT, 'late')).to.equal(null);
    const wrappedKey = new MasterKey(Buffer.alloc(32, 7)).seal('data-key', Buffer.alloc(32, 1), [
      TENANT,
      'late',
    ]);
    await memory.addFirst({ id: 'late', tenantId: TENANT, wrappedKey, createdAt: NOW, retiredAt: null });
    expect(await keys.keyById(TENANT, 'late')).to.deep.equal({ id: 'late', key: Buffer.alloc(32, 1) });
  });

  it('does not unwrap under another master key, which is a fault', async () => {
    const { id } = await provider(memory).currentKey(TENANT);
    expect(await rejectionOf(provider(memory, 8).currentKey(TENANT))).to.be.instanceOf(SealBroken);
    expect(await rejectionOf(provider(memory, 8).keyById(TENANT, id))).to.be.instanceOf(SealBroken);
  });

  for (const [what, moved] of [
    ['tenant', { tenantId: OTHER_TENANT }],
    ['id', { id: 'another' }],
  ] as const) {
    it(`does not unwrap a key that was moved to another ${what}`, async () => {
      await provider(memory).currentKey(TENANT);
      const elsewhere = new MemoryDataKeyStore(new MemoryDatabase());
      const stored = { ...(await memory.findCurrent(TENANT))!, ...moved };
      await elsewhere.addFirst(stored);
      expect(await rejectionOf(provider(elsewhere).currentKey(stored.tenantId))).to.be.instanceOf(SealBroken);
    });
  }

  for (const failure of [new Unavailable(3), new Error('connection refused')]) {
    it(`is unavailable while the store is out of reach, and not after (${failure.name})`, async () => {
      const keys = provider(store);
      store.failure = failure;
      const uses = [keys.currentKey(TENANT), keys.currentKey(TENANT), keys.keyById(TENANT, 'x')];
      for (const rejection of await Promise.all(uses.map(rejectionOf))) {
        expect(rejection).to.be.instanceOf(Unavailable);
      }
      store.failure = null;
      const { id } = await keys.currentKey(TENANT);
      expect(await keys.keyById(TENANT, id)).to.not.equal(null);
    });
  }

  it('seals with keys that were made elsewhere as soon as it hears of it', async () => {
    const [here, elsewhere] = [provider(memory), provider(memory)];
    const former = await here.currentKey(TENANT);
    await elsewhere.rotate(NOW, newEntry(TENANT));
    expect(await here.currentKey(TENANT)).to.deep.equal(former);
    here.forgetCurrent();
    const current = await here.currentKey(TENANT);
    expect(current.id).to.not.equal(former.id);
    expect(current).to.deep.equal(await elsewhere.currentKey(TENANT));
  });

  it('goes by the new keys also where the answer to a rotation was lost', async () => {
    const keys = provider(store);
    const former = await keys.currentKey(TENANT);
    store.lostAnswer = new Error('The connection is gone.');
    expect(await rejectionOf(keys.rotate(NOW, newEntry(TENANT)))).to.be.instanceOf(Unavailable);
    expect((await keys.currentKey(TENANT)).id).to.not.equal(former.id);
  });

  it('says that keys cannot be had where the store does not answer', async () => {
    const keys = provider(store);
    const { id } = await keys.currentKey(TENANT);
    store.failure = new Error('The connection is gone.');
    for (const asked of [
      keys.rotate(NOW, newEntry(TENANT)),
      keys.lastRetirement(),
      keys.listRetiredBefore(NOW),
      keys.destroy({ id, tenantId: TENANT }, newEntry(TENANT)),
    ]) {
      expect(await rejectionOf(asked)).to.be.instanceOf(Unavailable);
    }
  });
});
