import { JoseSigningKeys } from '../../../src/adapters/crypto/jose-signing-keys.ts';
import { JoseTokenSigner } from '../../../src/adapters/crypto/jose-token-signer.ts';
import { JoseTokenVerifier } from '../../../src/adapters/crypto/jose-token-verifier.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { SequentialIdGenerator } from '../../../src/adapters/memory/sequential-id-generator.ts';
import { MemorySigningKeyStore } from '../../../src/adapters/memory/stores/signing-key-store.ts';
import type {
  SigningKeyStore,
  StoredSigningKey,
} from '../../../src/application/ports/stores/signing-key-store.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { newEntry } from '../../contracts/stores/fixtures.ts';

/** An audit entry to go with a rotation. */
export const anEntry = (): AuditEntry => newEntry(DEFAULT_TENANT_ID);

export const NOW = new Date('2026-03-01T12:00:00Z');
export const TTL_SECONDS = 600;
export const SCOPE = { issuer: 'https://casegate.example.test', audience: 'casegate' };

/** A store that counts its readings, and that can be out of reach. */
export class WatchedSigningKeyStore implements SigningKeyStore {
  readonly #store: SigningKeyStore;
  readings = 0;
  /** What it fails with; `null` while it works. */
  failure: Error | null = null;
  /** What its readings wait for before they answer with what they have read. */
  hold: Promise<void> = Promise.resolve();

  constructor(store: SigningKeyStore) {
    this.#store = store;
  }

  async listAccepted(now: Date): Promise<readonly StoredSigningKey[]> {
    this.readings += 1;
    if (this.failure) throw this.failure;
    const keys = await this.#store.listAccepted(now);
    await this.hold;
    return keys;
  }

  async addFirst(key: StoredSigningKey): Promise<boolean> {
    if (this.failure) throw this.failure;
    return this.#store.addFirst(key);
  }

  async addAndRetireOthers(
    key: StoredSigningKey,
    othersAcceptedUntil: Date,
    audit: AuditEntry,
  ): Promise<void> {
    if (this.failure) throw this.failure;
    await this.#store.addAndRetireOthers(key, othersAcceptedUntil, audit);
  }
}

/** An installation's keys as one process sees them, and another process beside it. */
export function keyWorld(scope = SCOPE) {
  const masterKey = new MasterKey(Buffer.alloc(32, 7));
  const memory = new MemorySigningKeyStore(new MemoryDatabase());
  const store = new WatchedSigningKeyStore(memory);
  const signingKeys = new JoseSigningKeys({ signingKeyStore: store, masterKey }, TTL_SECONDS);
  const elsewhere = new JoseSigningKeys({ signingKeyStore: memory, masterKey }, TTL_SECONDS);
  const options = { ...scope, ttlSeconds: TTL_SECONDS };
  const idGenerator = new SequentialIdGenerator();
  return {
    masterKey,
    memory,
    store,
    signingKeys,
    elsewhere,
    signer: new JoseTokenSigner({ signingKeys, idGenerator }, options),
    signerElsewhere: new JoseTokenSigner({ signingKeys: elsewhere, idGenerator }, options),
    verifier: new JoseTokenVerifier({ signingKeys }, options),
  };
}
