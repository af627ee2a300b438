import { type KeyObject, createHmac, createSecretKey } from 'node:crypto';
import type { KeyedHash, KeyedHashPurpose } from '../../application/ports/security/keyed-hash.ts';
import type { MasterKey } from './master-key.ts';

/** HMAC-SHA-256 under keys that are derived from the master key, one a purpose. */
export class HmacKeyedHash implements KeyedHash {
  readonly #masterKey: MasterKey;
  readonly #keys = new Map<KeyedHashPurpose, KeyObject>();

  constructor(masterKey: MasterKey) {
    this.#masterKey = masterKey;
  }

  of(purpose: KeyedHashPurpose, value: string): Uint8Array {
    return createHmac('sha256', this.#keyFor(purpose)).update(value, 'utf8').digest();
  }

  #keyFor(purpose: KeyedHashPurpose): KeyObject {
    const known = this.#keys.get(purpose);
    if (known) return known;
    const key = createSecretKey(this.#masterKey.derive(`keyed-hash/${purpose}`));
    this.#keys.set(purpose, key);
    return key;
  }
}
