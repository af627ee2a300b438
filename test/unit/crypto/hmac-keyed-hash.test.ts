import { createHmac, hkdfSync } from 'node:crypto';
import { expect } from 'chai';
import { HmacKeyedHash } from '../../../src/adapters/crypto/hmac-keyed-hash.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { keyedHashContract } from '../../contracts/security/keyed-hash-contract.ts';

const KEY = Buffer.alloc(32, 7);
const make = (octets: Uint8Array = KEY) => new HmacKeyedHash(new MasterKey(octets));

keyedHashContract('HmacKeyedHash', () => make());

describe('HmacKeyedHash', () => {
  it('gives the same in each process that has the master key', () => {
    expect(make().of('case-receipt', 'value')).to.deep.equal(make().of('case-receipt', 'value'));
  });

  it('gives something else under another master key', () => {
    expect(make(Buffer.alloc(32, 8)).of('case-receipt', 'v')).to.not.deep.equal(
      make().of('case-receipt', 'v'),
    );
  });

  it('is HMAC-SHA-256 of the UTF-8 octets under a key of the purpose', () => {
    const key = Buffer.from(hkdfSync('sha256', KEY, '', 'casegate/derive/keyed-hash/failure-counter', 32));
    const expected = createHmac('sha256', key).update(Buffer.from('ädress')).digest();
    expect(make().of('failure-counter', 'ädress')).to.deep.equal(expected);
  });
});
