import { expect } from 'chai';
import type { Totp } from '../../../src/application/ports/security/totp.ts';

/** The SHA-1 secret of RFC 6238, appendix B: `12345678901234567890`. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Seconds since 1970, and the last six digits of the code in RFC 6238, appendix B. */
const RFC_CODES = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const;

/** The code of RFC 6238 at 1,111,111,111 seconds, and its time step. */
const CODE = '050471';
const STEP = 37_037_037;
const FIRST_SECOND = STEP * 30;

const NO_CODES = {
  'nothing at all': '',
  blanks: '      ',
  'five digits': '05047',
  'seven digits': '0504710',
  'the eight digits of the full value': '14050471',
  letters: 'abcdef',
  'digits of another script': '٠٥٠٤٧١',
  'full-width digits': '０５０４７１',
  'a number with a sign': '-50471',
  'a number with an exponent': '5047e1',
  'a hexadecimal number': '0xc527',
  'the code and a NUL': '050471\0',
  'the code on a line and another': '050471\n050471',
  'the code in quotes': "'050471'",
  'a lone surrogate': '05047\ud800',
  'a text of 64 KB': '0'.repeat(65_536),
};

/** `otpauth://TYPE/LABEL?PARAMETERS`; everything is encoded but the colon behind the issuer. */
const KEY_URI = /^otpauth:\/\/totp\/([^:?]+):([^:?]+)\?(.+)$/;

/** What every maker and reader of one-time codes does. */
export function totpContract(name: string, make: () => Totp | Promise<Totp>): void {
  describe(`${name} as TOTP`, () => {
    let totp: Totp;

    beforeEach(async () => {
      totp = await make();
    });

    const stepAt = (seconds: number, code = CODE): Promise<number | null> =>
      totp.matchingStep(RFC_SECRET, code, new Date(seconds * 1000));

    it('gives secrets of 160 bits in base32 without padding, never the same twice', () => {
      const secrets = Array.from({ length: 200 }, () => totp.generateSecret());
      for (const secret of secrets) expect(secret).to.match(/^[A-Z2-7]{32}$/);
      expect(new Set(secrets)).to.have.property('size', secrets.length);
    });

    for (const [seconds, code] of RFC_CODES) {
      it(`knows the code of RFC 6238 at ${seconds} seconds, and its step`, async () => {
        expect(await stepAt(seconds, code)).to.equal(Math.floor(seconds / 30));
      });
    }

    it('takes a code throughout its step, one step before it and one after it, always as of that step', async () => {
      for (const seconds of [-30, -29.999, -1, 0, 15, 29.999, 30, 59.999]) {
        expect(await stepAt(FIRST_SECOND + seconds), `at ${seconds} s`).to.equal(STEP);
      }
    });

    it('takes no code of two steps away or more', async () => {
      for (const seconds of [-86_400, -60, -30.001, 60, 90, 86_400]) {
        expect(await stepAt(FIRST_SECOND + seconds), `at ${seconds} s`).to.equal(null);
      }
    });

    it('takes no code of another secret', async () => {
      const now = new Date(FIRST_SECOND * 1000);
      const secrets = Array.from({ length: 5 }, () => totp.generateSecret());
      const steps = await Promise.all(secrets.map((secret) => totp.matchingStep(secret, CODE, now)));
      // Fifteen codes are compared: each fits by chance once in a million.
      expect(steps).to.include(null);
    });

    it('reads a code as people type it: with blanks within and around', async () => {
      for (const typed of ['050 471', ' 050471 ', '05 04 71', '0 5 0 4 7 1\n', '\t050\u00a0471']) {
        expect(await stepAt(FIRST_SECOND, typed), JSON.stringify(typed)).to.equal(STEP);
      }
    });

    for (const [what, code] of Object.entries(NO_CODES)) {
      it(`takes ${what} for no code`, async () => {
        expect(await stepAt(FIRST_SECOND, code)).to.equal(null);
      });
    }

    it('works at the first step of all, which has none before it', async () => {
      // RFC 4226, appendix D, counts 0 and 1.
      expect(await stepAt(0, '755224')).to.equal(0);
      expect(await stepAt(29, '287082')).to.equal(1);
      expect(await stepAt(0, '000000')).to.equal(null);
    });

    for (const account of [
      'person@example.org',
      'person+tag@example.org',
      'a:b@example.org',
      'פלוני@דוגמה.example',
      '100% / ? & # = "<person>"',
    ]) {
      it(`writes a key URI for ${account}`, async () => {
        const { otpauthUri } = await totp.enrolment(RFC_SECRET, account);
        const [, issuer = '', label = '', parameters = ''] = KEY_URI.exec(otpauthUri) ?? [];
        expect(otpauthUri).to.match(/^[\x21-\x7e]+$/);
        expect(decodeURIComponent(label)).to.equal(account);
        const read = new Map(parameters.split('&').map((pair) => pair.split('=') as [string, string]));
        expect(read.get('secret')).to.equal(RFC_SECRET);
        expect(read.get('issuer')).to.equal(issuer).and.to.not.equal('');
        expect(read.get('algorithm') ?? 'SHA1').to.equal('SHA1');
        expect(read.get('digits') ?? '6').to.equal('6');
        expect(read.get('period') ?? '30').to.equal('30');
      });
    }

    it('draws the key URI as one SVG image with a name, in which nothing runs and nothing is loaded', async () => {
      const { qrSvg } = await totp.enrolment(RFC_SECRET, '"><script>alert(1)</script>@example.org');
      expect(qrSvg).to.match(
        /^<svg [^<>]*>(<(path|rect|g|title)\b[^<>]*>|<\/(path|g|title)>|[^<>]*)*<\/svg>$/,
      );
      expect(qrSvg).to.match(/^<svg [^<>]*role="img"/);
      expect(qrSvg).to.match(/aria-label="[^"]+"|<title>[^<]+<\/title>/);
      expect(qrSvg).to.not.match(/script|\son\w+=|href|style|url\(|example/i);
    });

    it('draws the same for the same, and something else for another account or secret', async () => {
      const draw = async (secret: string, account: string): Promise<string> =>
        (await totp.enrolment(secret, account)).qrSvg;
      const first = await draw(RFC_SECRET, 'person@example.org');
      expect(await draw(RFC_SECRET, 'person@example.org')).to.equal(first);
      expect(await draw(RFC_SECRET, 'another@example.org')).to.not.equal(first);
      expect(await draw(totp.generateSecret(), 'person@example.org')).to.not.equal(first);
    });

    it('draws the longest address of every script', async () => {
      for (const character of ['a', 'ж', '頭', '🤕', '%', '\ud800']) {
        const account = character.repeat(Math.floor(254 / character.length));
        expect((await totp.enrolment(RFC_SECRET, account)).qrSvg, character).to.match(/^<svg /);
      }
    });
  });
}
