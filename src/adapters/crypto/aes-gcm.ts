import { type KeyObject, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

/**
 * AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D, section 8.2.2: at most 2³² texts a key) and a tag of 128.
 * Sealed octets are nonce, ciphertext, tag.
 */
export const aesGcm = {
  /** @param key 32 octets */
  seal(key: KeyObject | Uint8Array, plaintext: Uint8Array, additionalData: Uint8Array): Uint8Array {
    const nonce = randomBytes(NONCE_OCTETS);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_OCTETS });
    cipher.setAAD(additionalData);
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  },

  /** @returns `null` where the octets were not sealed with this key and this additional data */
  open(key: KeyObject | Uint8Array, sealed: Uint8Array, additionalData: Uint8Array): Uint8Array | null {
    if (sealed.length < NONCE_OCTETS + TAG_OCTETS) return null;
    const nonce = sealed.subarray(0, NONCE_OCTETS);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_OCTETS });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(sealed.subarray(-TAG_OCTETS));
    const plaintext = decipher.update(sealed.subarray(NONCE_OCTETS, -TAG_OCTETS));
    try {
      return Buffer.concat([plaintext, decipher.final()]);
    } catch {
      return null;
    }
  },
};
