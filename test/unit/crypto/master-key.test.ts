import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { SealBroken } from '../../../src/adapters/crypto/seal-broken.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('MasterKey', () => {
  const octets = Buffer.from('0f'.repeat(32), 'hex');
  const masterKey = new MasterKey(octets);
  const secret = Buffer.from('a secret');

  it('takes 32 octets, no more and no fewer', () => {
    for (const length of [0, 16, 31, 33, 64]) {
      expect(() => new MasterKey(randomBytes(length)), `${length}`).to.throw(RangeError);
    }
  });

  it('opens what it sealed, an empty text too', () => {
    for (const plaintext of [secret, Buffer.alloc(0), randomBytes(10_000)]) {
      expect(hex(masterKey.open('a', masterKey.seal('a', plaintext, ['x']), ['x']))).to.equal(hex(plaintext));
    }
  });

  it('opens what the same key sealed in another process', () => {
    const sealed = new MasterKey(octets).seal('a', secret, ['x']);
    expect(hex(masterKey.open('a', sealed, ['x']))).to.equal(hex(secret));
  });

  it('seals as version, nonce of 12 octets, ciphertext and tag of 16', () => {
    const sealed = masterKey.seal('a', secret);
    expect(sealed).to.have.length(1 + 12 + secret.length + 16);
    expect(sealed[0]).to.equal(1);
    expect(Buffer.from(sealed).includes(secret)).to.equal(false);
  });

  it('seals with another nonce each time', () => {
    const nonces = Array.from({ length: 1_000 }, () => hex(masterKey.seal('a', secret).subarray(1, 13)));
    expect(new Set(nonces)).to.have.property('size', 1_000);
  });

  const attempts: Record<string, (sealed: Uint8Array) => Uint8Array> = {
    'for another purpose': (sealed) => masterKey.open('b', sealed, ['x', 'y']),
    'without its context': (sealed) => masterKey.open('a', sealed),
    'in a part of its context': (sealed) => masterKey.open('a', sealed, ['x']),
    'in a context that reads alike': (sealed) => masterKey.open('a', sealed, ['xy']),
    'in a context of the other order': (sealed) => masterKey.open('a', sealed, ['y', 'x']),
    'under another key': (sealed) => new MasterKey(randomBytes(32)).open('a', sealed, ['x', 'y']),
    'as another version': (sealed) =>
      masterKey.open('a', Uint8Array.of(2, ...sealed.subarray(1)), ['x', 'y']),
    'as nothing at all': () => masterKey.open('a', new Uint8Array(), ['x', 'y']),
    'with a shortened tag': (sealed) => masterKey.open('a', sealed.subarray(0, -1), ['x', 'y']),
  };
  for (const [how, attempt] of Object.entries(attempts)) {
    it(`does not open ${how}`, () => {
      expect(() => attempt(masterKey.seal('a', secret, ['x', 'y']))).to.throw(SealBroken);
    });
  }

  it('does not open what was changed, whichever octet', () => {
    const sealed = masterKey.seal('a', secret);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Uint8Array.from(sealed);
      changed[index] = changed[index]! ^ 0x80;
      expect(() => masterKey.open('a', changed), `octet ${index}`).to.throw(SealBroken);
    }
  });

  it('derives 32 octets, the same for the same label and others for another', () => {
    expect(masterKey.derive('a')).to.have.length(32);
    expect(hex(masterKey.derive('a'))).to.equal(hex(new MasterKey(octets).derive('a')));
    const others = [
      masterKey.derive('b'),
      masterKey.derive(''),
      new MasterKey(randomBytes(32)).derive('a'),
      octets,
    ];
    for (const other of others) expect(hex(other)).to.not.equal(hex(masterKey.derive('a')));
  });

  it('derives by HKDF-SHA-256 without salt, so that what is stored stays readable', () => {
    // Computed by the definition in RFC 5869, with HMAC alone.
    expect(hex(masterKey.derive('refresh-token-successor'))).to.equal(
      'ec5b67bbebbed617ac3b240bbd5f96419775fb2665e99b813f13b464dfbfca58',
    );
  });

  it('shows nothing of the key when it is printed', () => {
    const printed = inspect(masterKey, { depth: 10, showHidden: true }) + JSON.stringify(masterKey);
    expect(printed).to.not.match(/0f\s?0f|15, 15/);
  });
});
