import { expect } from 'chai';
import { HmacRefreshTokenFactory } from '../../../src/adapters/crypto/hmac-refresh-token-factory.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { refreshTokenFactoryContract } from '../../contracts/security/refresh-token-factory-contract.ts';

const make = (fill = 7) => new HmacRefreshTokenFactory(new MasterKey(Buffer.alloc(32, fill)));

refreshTokenFactoryContract('HmacRefreshTokenFactory', () => make());

describe('HmacRefreshTokenFactory', () => {
  it('gives the same successor in each process that has the master key', () => {
    const { token } = make().issue();
    expect(make().succeed(token)).to.deep.equal(make().succeed(token));
  });

  it('gives another successor under another master key, for the same stored form', () => {
    const { token } = make().issue();
    const [ours, theirs] = [make(7).succeed(token)!, make(8).succeed(token)!];
    expect(theirs.presentedHash).to.deep.equal(ours.presentedHash);
    expect(theirs.successor.token).to.not.equal(ours.successor.token);
  });

  it('takes one spelling of a token only', () => {
    const factory = make();
    const { token } = factory.issue();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sameOctets = Array.from(alphabet)
      .map((last) => token.slice(0, -1) + last)
      .filter((other) => Buffer.from(other, 'base64url').equals(Buffer.from(token, 'base64url')));
    expect(sameOctets).to.have.length(4);
    expect(sameOctets.filter((other) => factory.succeed(other) !== null)).to.deep.equal([token]);
  });

  it('takes no other alphabet of base64', () => {
    const factory = make();
    expect(factory.succeed(Buffer.alloc(32, 0xff).toString('base64url'))).to.not.equal(null);
    expect(factory.succeed(Buffer.alloc(32, 0xff).toString('base64'))).to.equal(null);
    expect(factory.succeed(Buffer.alloc(32, 0xff).toString('base64').slice(0, 43))).to.equal(null);
  });
});
