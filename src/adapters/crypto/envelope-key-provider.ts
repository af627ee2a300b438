import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { DataKeyRotation, RetiredDataKey } from '../../application/ports/security/data-key-rotation.ts';
import type { DataKey, KeyProvider } from '../../application/ports/security/key-provider.ts';
import type { DataKeyStore, StoredDataKey } from '../../application/ports/stores/data-key-store.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import type { IdGenerator } from '../../application/ports/system/id-generator.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { MasterKey } from './master-key.ts';
import { unavailableBecause } from './unavailable-because.ts';

const KEY_OCTETS = 32;
const PURPOSE = 'data-key';
/** Keys kept unwrapped in memory, of each kind; those not used for longest are forgotten first. */
const CACHED_KEYS = 5_000;
/** Milliseconds for which a tenant's current key is not asked for again: whoever does not hear that it was replaced notices it by then. */
const CURRENT_KEY_MS = 60_000;

interface Dependencies {
  readonly dataKeys: DataKeyStore;
  readonly masterKey: MasterKey;
  readonly idGenerator: IdGenerator;
  readonly clock: Clock;
}

/**
 * Data keys of random bits, wrapped under the master key for their tenant and id (envelope encryption), kept unwrapped in memory.
 * A key that does not unwrap is a fault.
 */
export class EnvelopeKeyProvider implements KeyProvider, DataKeyRotation {
  readonly #deps: Dependencies;
  // Promises, so that all who ask at once wait for one answer.
  readonly #current = new LRUCache<string, Promise<DataKey>>({ max: CACHED_KEYS, ttl: CURRENT_KEY_MS });
  readonly #byId = new LRUCache<string, Promise<DataKey | null>>({ max: CACHED_KEYS });

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async currentKey(tenantId: TenantId): Promise<DataKey> {
    const known = this.#current.get(tenantId);
    if (known) return known;
    const key = this.#findOrAdd(tenantId);
    this.#current.set(tenantId, key);
    return orForget(this.#current, tenantId, key);
  }

  async keyById(tenantId: TenantId, keyId: string): Promise<DataKey | null> {
    const name = nameOf(tenantId, keyId);
    const known = this.#byId.get(name);
    if (known) return known;
    const key = this.#find(tenantId, keyId);
    this.#byId.set(name, key);
    return orForget(this.#byId, name, key);
  }

  async rotate(now: Date, audit: AuditEntry): Promise<number> {
    const { dataKeys } = this.#deps;
    const former = await asked(() => dataKeys.listCurrent());
    const successions = former.map(({ id, tenantId }) => ({ formerId: id, key: this.#make(tenantId) }));
    try {
      return await asked(() => dataKeys.replaceCurrent(successions, now, audit));
    } finally {
      // Also where the answer was lost: the new keys may stand.
      this.forgetCurrent();
    }
  }

  lastRetirement(): Promise<Date | null> {
    return asked(() => this.#deps.dataKeys.lastRetirement());
  }

  async listRetiredBefore(before: Date): Promise<readonly RetiredDataKey[]> {
    const keys = await asked(() => this.#deps.dataKeys.listRetiredBefore(before));
    return keys.map(({ id, tenantId }) => ({ id, tenantId }));
  }

  async destroy({ tenantId, id }: RetiredDataKey, audit: AuditEntry): Promise<boolean> {
    const isDestroyed = await asked(() => this.#deps.dataKeys.destroy(tenantId, id, audit));
    if (isDestroyed) this.#byId.delete(nameOf(tenantId, id));
    return isDestroyed;
  }

  /** Asks for current keys anew from now on: for whoever hears that they were replaced elsewhere. */
  forgetCurrent(): void {
    this.#current.clear();
  }

  async #findOrAdd(tenantId: TenantId): Promise<DataKey> {
    const { dataKeys } = this.#deps;
    const current = await asked(() => dataKeys.findCurrent(tenantId));
    if (current) return this.#unwrap(current);
    // Of several processes that come here at once, one adds its key, and the others take that one.
    return this.#unwrap(await asked(() => dataKeys.addFirst(this.#make(tenantId))));
  }

  async #find(tenantId: TenantId, keyId: string): Promise<DataKey | null> {
    const stored = await asked(() => this.#deps.dataKeys.find(tenantId, keyId));
    return stored && this.#unwrap(stored);
  }

  #make(tenantId: TenantId): StoredDataKey {
    const { clock, idGenerator, masterKey } = this.#deps;
    const id = idGenerator.next();
    const wrappedKey = masterKey.seal(PURPOSE, randomBytes(KEY_OCTETS), [tenantId, id]);
    return { id, tenantId, wrappedKey, createdAt: clock.now(), retiredAt: null };
  }

  #unwrap({ id, tenantId, wrappedKey }: StoredDataKey): DataKey {
    return { id, key: this.#deps.masterKey.open(PURPOSE, wrappedKey, [tenantId, id]) };
  }
}

const nameOf = (tenantId: TenantId, keyId: string): string => JSON.stringify([tenantId, keyId]);

/** @throws {Unavailable} when the store does not answer */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unavailableBecause(error);
  }
}

/** Waits for `key`, and forgets it where there is none: a later question goes to the store again. */
async function orForget<T>(cache: LRUCache<string, Promise<T>>, name: string, key: Promise<T>): Promise<T> {
  let found: T | null = null;
  try {
    return (found = await key);
  } finally {
    if (found === null && cache.peek(name) === key) cache.delete(name);
  }
}
