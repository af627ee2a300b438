import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import type {
  SealedPlace,
  SealedText,
  TextCipher,
} from '../../../src/application/ports/security/text-cipher.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

interface TenantKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** AES-256-GCM under one key a tenant, each of which lives as long as this object. */
export class MemoryTextCipher implements TextCipher {
  readonly #keys = new Map<TenantId, TenantKey>();

  seal(place: SealedPlace, text: string): Promise<SealedText> {
    const { id, key } = this.#keyOf(place.tenantId);
    const nonce = randomBytes(NONCE_OCTETS);
    const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(additionalData(place));
    const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return Promise.resolve({ keyId: id, bytes });
  }

  async open(place: SealedPlace, { keyId, bytes }: SealedText): Promise<string> {
    // Inside an async function, so that whatever is wrong with the octets rejects.
    const { id, key } = await Promise.resolve(this.#keyOf(place.tenantId));
    if (id !== keyId) throw new Error('The tenant has no such key.');
    const nonce = bytes.subarray(0, NONCE_OCTETS);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_OCTETS });
    decipher.setAAD(additionalData(place)).setAuthTag(bytes.subarray(-TAG_OCTETS));
    const octets = decipher.update(bytes.subarray(NONCE_OCTETS, -TAG_OCTETS));
    return Buffer.concat([octets, decipher.final()]).toString('utf8');
  }

  #keyOf(tenantId: TenantId): TenantKey {
    let key = this.#keys.get(tenantId);
    if (!key) {
      key = { id: randomUUID(), key: randomBytes(32) };
      this.#keys.set(tenantId, key);
    }
    return key;
  }
}

const additionalData = ({ tenantId, table, column, rowId }: SealedPlace): Uint8Array =>
  Buffer.from(JSON.stringify([tenantId, table, column, rowId]));
