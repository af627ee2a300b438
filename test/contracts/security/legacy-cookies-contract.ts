import { expect } from 'chai';
import { sign } from 'cookie-signature';
import type { LegacyCookies } from '../../../src/application/ports/legacy/legacy-cookies.ts';

const SECRETS = ['the secret of today', 'the one of yesterday'];
const SID = 'kQ8vZ1-fT0aMxw_3LrYbE5sHc7dUjn21';
/** HMAC-SHA-256 of the sid under the secret, made with: printf %s "$SID" | openssl dgst -sha256 -hmac "$SECRET" -binary | base64 */
const KNOWN = '4KoiyIKs7/YaIhnT5+x4Ay4YDVEeGx/I2XICcyDvt5g';

const written = (sid: string, secret = SECRETS[0]!): string => `s:${sign(sid, secret)}`;

/** Makes what reads cookies that any of these secrets may have signed. */
export type MakeLegacyCookies = (secrets: readonly string[]) => LegacyCookies;

/** What every `LegacyCookies` takes: the form of express-session. */
export function legacyCookiesContract(name: string, make: MakeLegacyCookies): void {
  describe(`${name} as LegacyCookies`, () => {
    const cookies = make(SECRETS);

    it('gives the sid of a cookie that express-session signed', () => {
      expect(cookies.sidOf(`s:${SID}.${KNOWN}`)).to.equal(SID);
      expect(written(SID)).to.equal(`s:${SID}.${KNOWN}`);
    });

    it('takes a cookie percent-encoded or not, with a name in front or not, and blanks around it', () => {
      const plain = written(SID);
      const lowerEscapes = plain.replace(':', '%3a').replaceAll('+', '%2b').replaceAll('/', '%2f');
      for (const cookie of [plain, encodeURIComponent(plain), lowerEscapes]) {
        for (const name of ['', 'connect.sid=', 'sid=', '__Host-s.id=']) {
          expect(cookies.sidOf(`${name}${cookie}`)).to.equal(SID);
          expect(cookies.sidOf(` ${name}${cookie}\n`)).to.equal(SID);
        }
      }
    });

    it('takes a cookie that any of the secrets signed, and none of others', () => {
      for (const secret of SECRETS) expect(cookies.sidOf(written(SID, secret))).to.equal(SID);
      for (const secret of ['another', '', SECRETS.join(), ` ${SECRETS[0]!}`]) {
        expect(cookies.sidOf(written(SID, secret))).to.equal(null);
      }
    });

    it('takes none at all without secrets', () => {
      for (const secret of ['', ...SECRETS]) {
        expect(make([]).sidOf(written(SID, secret))).to.equal(null);
      }
    });

    it('splits at the last dot', () => {
      for (const sid of ['a.b', '.', 'a.', '.a', `${SID}.${KNOWN}`]) {
        expect(cookies.sidOf(written(sid))).to.equal(sid);
      }
    });

    for (const [what, cookie] of Object.entries({
      'an empty text': '',
      'a name alone': 'connect.sid=',
      'a mark alone': 's:',
      'a sid without a signature': `s:${SID}`,
      'an empty signature': `s:${SID}.`,
      'a signature without a sid': `s:.${KNOWN}`,
      'a signed empty sid': written(''),
      'an unsigned cookie': SID,
      'a cookie without its mark': `${SID}.${KNOWN}`,
      'padding behind the signature': `s:${SID}.${KNOWN}=`,
      'a signature in base64url': `s:${SID}.${KNOWN.replaceAll('+', '-').replaceAll('/', '_')}`,
      'a shorter signature': `s:${SID}.${KNOWN.slice(0, -1)}`,
      'a longer signature': `s:${SID}.${KNOWN}A`,
      'another sid': `s:${SID}x.${KNOWN}`,
      'a JSON cookie': 'j:{"sid":"x"}',
      'broken escapes': `s%3A${SID}.%E0%A4%A`,
      'a mark that is escaped twice': encodeURIComponent(encodeURIComponent(written(SID))),
      'two cookies': `a=b; connect.sid=${written(SID)}`,
      'a sid with a NUL': written('a\0b'),
      'a very long cookie': written('x'.repeat(20_000)),
    })) {
      it(`gives nothing for ${what}`, () => {
        expect(cookies.sidOf(cookie)).to.equal(null);
      });
    }
  });
}
