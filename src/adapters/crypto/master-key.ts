import { type KeyObject, createSecretKey, hkdfSync } from 'node:crypto';
import { aesGcm } from './aes-gcm.ts';
import { SealBroken } from './seal-broken.ts';

const KEY_OCTETS = 32;
/** First octet of whatever is sealed; another layout or algorithm gets another one. */
const VERSION = 1;

/**
 * The installation's master key. It encrypts nothing itself: each purpose and each label has a key of its own, derived by
 * HKDF-SHA-256 (RFC 5869, NIST SP 800-108), so that what is sealed for one purpose is of no use in another.
 */
export class MasterKey {
  readonly #key: KeyObject;
  readonly #sealingKeys = new Map<string, KeyObject>();

  /**
   * @param octets 32 random octets
   * @throws {RangeError} when there are more or fewer
   */
  constructor(octets: Uint8Array) {
    if (octets.length !== KEY_OCTETS) throw new RangeError(`A master key has ${KEY_OCTETS} octets.`);
    this.#key = createSecretKey(octets);
  }

  /**
   * Encrypts with AES-256-GCM.
   *
   * @param purpose a constant that names what is sealed, such as `data-key`
   * @param context the one place that it belongs to; it opens with the same context only
   * @returns version octet, nonce, ciphertext and tag
   */
  seal(purpose: string, plaintext: Uint8Array, context: readonly string[] = []): Uint8Array {
    const sealed = aesGcm.seal(this.#sealingKey(purpose), plaintext, additionalData(purpose, context));
    return Buffer.concat([Uint8Array.of(VERSION), sealed]);
  }

  /** @throws {SealBroken} when it was not sealed under this key, for this purpose and in this context */
  open(purpose: string, sealed: Uint8Array, context: readonly string[] = []): Uint8Array {
    const plaintext =
      sealed[0] === VERSION
        ? aesGcm.open(this.#sealingKey(purpose), sealed.subarray(1), additionalData(purpose, context))
        : null;
    if (!plaintext) throw new SealBroken(purpose);
    return plaintext;
  }

  /**
   * Derives a key for something other than sealing; the same one for the same label.
   *
   * @returns 32 octets; a secret
   */
  derive(label: string): Uint8Array {
    return this.#expand(`casegate/derive/${label}`);
  }

  #sealingKey(purpose: string): KeyObject {
    const known = this.#sealingKeys.get(purpose);
    if (known) return known;
    const key = createSecretKey(this.#expand(`casegate/seal/${purpose}`));
    this.#sealingKeys.set(purpose, key);
    return key;
  }

  #expand(info: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#key, new Uint8Array(), info, KEY_OCTETS));
  }
}

/** A JSON array, so that no two places are written alike. */
const additionalData = (purpose: string, context: readonly string[]): Uint8Array =>
  Buffer.from(JSON.stringify([VERSION, purpose, ...context]));
