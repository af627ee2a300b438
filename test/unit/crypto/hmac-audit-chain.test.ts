import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { HmacAuditChain } from '../../../src/adapters/crypto/hmac-audit-chain.ts';
import { HmacKeyedHash } from '../../../src/adapters/crypto/hmac-keyed-hash.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { auditChainContract } from '../../contracts/security/audit-chain-contract.ts';

const KEY = Buffer.alloc(32, 7);
const make = (octets: Uint8Array = KEY) => new HmacAuditChain(new MasterKey(octets));

auditChainContract('HmacAuditChain', () => make(randomBytes(32)));

describe('HmacAuditChain', () => {
  it('gives the same in each process that has the audit key', () => {
    expect(make().mac('seal', 'content')).to.deep.equal(make().mac('seal', 'content'));
  });

  it('is HMAC-SHA-256 of the UTF-8 octets under a key of the part', () => {
    const key = Buffer.from(hkdfSync('sha256', KEY, '', 'casegate/derive/audit-chain/record', 32));
    const expected = createHmac('sha256', key).update(Buffer.from('ädress')).digest();
    expect(make().mac('record', 'ädress')).to.deep.equal(expected);
  });

  it('has nothing in common with hashes under the same key for other purposes', () => {
    const hash = new HmacKeyedHash(new MasterKey(KEY)).of('mail-recipient', 'content');
    expect(make().mac('record', 'content')).not.to.deep.equal(hash);
  });
});
