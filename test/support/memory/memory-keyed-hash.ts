import { createHmac, randomBytes } from 'node:crypto';
import type { KeyedHash, KeyedHashPurpose } from '../../../src/application/ports/security/keyed-hash.ts';

/** HMAC-SHA-256 under a key that lives as long as this object. */
export class MemoryKeyedHash implements KeyedHash {
  readonly #key = randomBytes(32);

  of(purpose: KeyedHashPurpose, value: string): Uint8Array {
    const purposeKey = createHmac('sha256', this.#key).update(purpose).digest();
    return createHmac('sha256', purposeKey).update(value, 'utf8').digest();
  }
}
