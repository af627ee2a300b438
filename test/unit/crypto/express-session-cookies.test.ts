import { expect } from 'chai';
import { sign } from 'cookie-signature';
import fc from 'fast-check';
import { ExpressSessionCookies } from '../../../src/adapters/crypto/express-session-cookies.ts';
import { legacyCookiesContract } from '../../contracts/security/legacy-cookies-contract.ts';

legacyCookiesContract('ExpressSessionCookies', (secrets) => new ExpressSessionCookies(secrets));

describe('ExpressSessionCookies', () => {
  const secrets = ['the secret of today', 'the one of yesterday'];
  const cookies = new ExpressSessionCookies(secrets);

  it('reads back whatever was signed', () => {
    const sids = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(sids, fc.constantFrom(...secrets), fc.boolean(), (sid, secret, isEncoded) => {
        const plain = `s:${sign(sid, secret)}`;
        const told = cookies.sidOf(isEncoded ? encodeURIComponent(plain) : plain);
        expect(told).to.equal(sid.includes('\0') ? null : sid);
      }),
    );
  });

  it('gives nothing for whatever was not signed, and never throws', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 300 }).map((text) => `s:${text}`),
      fc.string({ maxLength: 300 }).map((text) => `connect.sid=s%3A${text}`),
      fc.string({ maxLength: 60 }).map((text) => `s:a-sid.${text}`),
      fc
        .array(fc.integer({ min: 0xd800, max: 0xdfff }))
        .map((units) => `s:${String.fromCharCode(...units)}.x`),
    );
    fc.assert(
      fc.property(anything, (cookie) => {
        expect(cookies.sidOf(cookie)).to.equal(null);
      }),
    );
  });
});
