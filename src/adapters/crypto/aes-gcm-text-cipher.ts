import type { KeyProvider } from '../../application/ports/security/key-provider.ts';
import type { SealedPlace, SealedText, TextCipher } from '../../application/ports/security/text-cipher.ts';
import { aesGcm } from './aes-gcm.ts';
import { SealBroken } from './seal-broken.ts';

/** AES-256-GCM under the tenant's data keys; the place and the key's id are the additional authenticated data. */
export class AesGcmTextCipher implements TextCipher {
  readonly #keyProvider: KeyProvider;

  constructor(keyProvider: KeyProvider) {
    this.#keyProvider = keyProvider;
  }

  async seal(place: SealedPlace, text: string): Promise<SealedText> {
    const { id, key } = await this.#keyProvider.currentKey(place.tenantId);
    return { keyId: id, bytes: aesGcm.seal(key, Buffer.from(text, 'utf8'), additionalData(place, id)) };
  }

  async open(place: SealedPlace, { keyId, bytes }: SealedText): Promise<string> {
    const found = await this.#keyProvider.keyById(place.tenantId, keyId);
    const octets = found && aesGcm.open(found.key, bytes, additionalData(place, keyId));
    if (!octets) throw new SealBroken(`text in ${place.table}.${place.column}`);
    return Buffer.from(octets).toString('utf8');
  }
}

/** A JSON array, so that no two places are written alike. */
const additionalData = ({ tenantId, table, column, rowId }: SealedPlace, keyId: string): Uint8Array =>
  Buffer.from(JSON.stringify([tenantId, table, column, rowId, keyId]));
