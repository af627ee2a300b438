import { expect } from 'chai';
import { AesGcmTextCipher } from '../../../src/adapters/crypto/aes-gcm-text-cipher.ts';
import { EnvelopeKeyProvider } from '../../../src/adapters/crypto/envelope-key-provider.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { SealBroken } from '../../../src/adapters/crypto/seal-broken.ts';
import { FixedClock } from '../../../src/adapters/memory/fixed-clock.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryDataKeyStore } from '../../../src/adapters/memory/stores/data-key-store.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import type { DataKey, KeyProvider } from '../../../src/application/ports/security/key-provider.ts';
import type { SealedPlace } from '../../../src/application/ports/security/text-cipher.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';
import { textCipherContract } from '../../contracts/security/text-cipher-contract.ts';

const TENANT = '01900000-0000-7000-8000-0000000000a1';
const OTHER_TENANT = '01900000-0000-7000-8000-0000000000a2';
const PLACE: SealedPlace = { tenantId: TENANT, table: 'case_messages', column: 'body', rowId: 'row' };

textCipherContract('AesGcmTextCipher', () => {
  const keyProvider = new EnvelopeKeyProvider({
    dataKeys: new MemoryDataKeyStore(new MemoryDatabase()),
    masterKey: new MasterKey(Buffer.alloc(32, 7)),
    idGenerator: new UuidV7Generator(),
    clock: new FixedClock(new Date('2026-03-01T12:00:00Z')),
  });
  return { textCipher: new AesGcmTextCipher(keyProvider), tenantId: TENANT, otherTenantId: OTHER_TENANT };
});

/** Gives the same key for every tenant and id, so that only the additional data tells places apart. */
class OneKey implements KeyProvider {
  async currentKey(): Promise<DataKey> {
    return Promise.resolve({ id: 'one', key: Buffer.alloc(32, 1) });
  }

  async keyById(_tenantId: string, id: string): Promise<DataKey> {
    return Promise.resolve({ id, key: Buffer.alloc(32, 1) });
  }
}

describe('AesGcmTextCipher', () => {
  const cipher = new AesGcmTextCipher(new OneKey());

  it('seals as nonce of 12 octets, ciphertext and tag of 16', async () => {
    const { keyId, bytes } = await cipher.seal(PLACE, 'text');
    expect(keyId).to.equal('one');
    expect(bytes).to.have.length(12 + 4 + 16);
  });

  it('does not open in another tenant, even where the keys are the same', async () => {
    const sealed = await cipher.seal(PLACE, 'text');
    const opening = cipher.open({ ...PLACE, tenantId: OTHER_TENANT }, sealed);
    expect(await rejectionOf(opening)).to.be.instanceOf(SealBroken);
  });

  it('does not open under the id of another key, even where the keys are the same', async () => {
    const { bytes } = await cipher.seal(PLACE, 'text');
    expect(await rejectionOf(cipher.open(PLACE, { keyId: 'two', bytes }))).to.be.instanceOf(SealBroken);
  });

  for (const separator of ['', ',', '","', '\0', '/', ':', '\\']) {
    it(`tells parts of a place apart that contain ${JSON.stringify(separator)}`, async () => {
      const sealed = await cipher.seal({ ...PLACE, table: `a${separator}b`, column: 'c' }, 'text');
      const opening = cipher.open({ ...PLACE, table: 'a', column: `b${separator}c` }, sealed);
      expect(await rejectionOf(opening)).to.be.instanceOf(SealBroken);
    });
  }

  it('says of a text that does not open where it was, and nothing of the text', async () => {
    const { keyId, bytes } = await cipher.seal(PLACE, 'text');
    const fault = await rejectionOf(cipher.open({ ...PLACE, rowId: 'other' }, { keyId, bytes }));
    expect(fault)
      .to.have.property('message')
      .that.matches(/^The text in case_messages\.body does not open/);
  });
});
