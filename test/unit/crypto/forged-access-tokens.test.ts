import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { encoded, forge, partsOf } from './forge.ts';
import { NOW, SCOPE, TTL_SECONDS, keyWorld } from './key-world.ts';

const SECONDS = NOW.getTime() / 1000;

const PAYLOAD = {
  iss: SCOPE.issuer,
  aud: 'casegate',
  sub: '01900000-0000-7000-8000-0000000000a1',
  client_id: 'casegate',
  jti: '01900000-0000-7000-8000-0000000000a4',
  iat: SECONDS,
  exp: SECONDS + TTL_SECONDS,
  tid: '01900000-0000-7000-8000-0000000000a2',
  sid: '01900000-0000-7000-8000-0000000000a3',
  role: 'patient',
  epoch: 1,
  acr: 'aal1',
  amr: ['pwd'],
  auth_time: SECONDS,
};
const PAYLOAD_TEXT = JSON.stringify(PAYLOAD);

/** Every token here but those of the last group bears a true signature of the current key: its shape alone must refuse it. */
describe('JoseTokenVerifier, given a forged token', () => {
  let world: ReturnType<typeof keyWorld>;
  let header: { alg: string; typ: string; kid: string };

  beforeEach(async () => {
    world = keyWorld();
    await world.signingKeys.ensure(NOW);
    const { kid } = await world.signingKeys.current(NOW);
    header = { alg: 'EdDSA', typ: 'at+jwt', kid };
  });

  const forged = (headerText: string | Uint8Array, payloadText: string | Uint8Array): Promise<string> =>
    forge(world.signingKeys, NOW, headerText, payloadText);
  const judged = (token: string, now = NOW) => world.verifier.verify(token, now);

  it('takes the one that the others differ from', async () => {
    expect(await judged(await forged(JSON.stringify(header), PAYLOAD_TEXT))).to.include({
      role: 'patient',
      epoch: 1,
    });
  });

  describe('by its header', () => {
    const changes: Record<string, Record<string, unknown>> = {
      'alg none': { alg: 'none' },
      'alg HS256': { alg: 'HS256' },
      'alg ES256': { alg: 'ES256' },
      'alg Ed25519': { alg: 'Ed25519' },
      'alg in lower case': { alg: 'eddsa' },
      'alg of a list': { alg: ['EdDSA'] },
      'no alg': { alg: undefined },
      'typ JWT': { typ: 'JWT' },
      'typ in upper case': { typ: 'AT+JWT' },
      'typ with its prefix': { typ: 'application/at+jwt' },
      'no typ': { typ: undefined },
      'no kid': { kid: undefined },
      'an empty kid': { kid: '' },
      'a kid of a number': { kid: 1 },
      'a kid of a list': { kid: ['x'] },
      'a kid of a path': { kid: '../../../dev/null' },
      'a kid of SQL': { kid: "' OR '1'='1" },
      'an unknown kid': { kid: 'A'.repeat(43) },
      'a kid that objects inherit': { kid: 'constructor' },
      'an unknown crit': { crit: ['exp'], exp: 1 },
      'an empty crit': { crit: [] },
      'crit b64': { crit: ['b64'], b64: true },
      'b64 false': { b64: false },
      'a key of its own': { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } },
      'the address of a key': { jku: 'https://attacker.example.test/jwks.json' },
      'a certificate': { x5c: ['MIIB'] },
      'a compression': { zip: 'DEF' },
      'a content type': { cty: 'JWT' },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`refuses ${what}`, async () => {
        expect(await judged(await forged(JSON.stringify({ ...header, ...change }), PAYLOAD_TEXT))).to.equal(
          null,
        );
      });
    }

    for (const text of ['null', '[]', '""', '1', '{}', '', '{"alg":"EdDSA"', 'true']) {
      it(`refuses ${JSON.stringify(text)} as a header`, async () => {
        expect(await judged(await forged(text, PAYLOAD_TEXT))).to.equal(null);
      });
    }

    it('refuses a name that comes twice', async () => {
      const text = JSON.stringify(header);
      expect(await judged(await forged(text.replace('{', '{"alg":"none",'), PAYLOAD_TEXT))).to.equal(null);
      expect(await judged(await forged(text.replace('{', '{"alg":"EdDSA",'), PAYLOAD_TEXT))).to.equal(null);
    });
  });

  describe('by a claim', () => {
    const changes: Record<string, Record<string, unknown>> = {
      'another issuer': { iss: 'https://attacker.example.test' },
      'the issuer with a slash': { iss: `${SCOPE.issuer}/` },
      'issuers in a list': { iss: [SCOPE.issuer] },
      'no issuer': { iss: undefined },
      'another audience': { aud: 'other' },
      'audiences in a list': { aud: ['casegate'] },
      'no audience': { aud: undefined },
      'another client': { client_id: 'other' },
      'a subject of an object': { sub: { id: PAYLOAD.sub } },
      'an empty subject': { sub: '' },
      'a subject that is no UUID': { sub: 'admin' },
      'a subject with a line end': { sub: `${PAYLOAD.sub}\n` },
      'no subject': { sub: undefined },
      'a subject of null': { sub: null },
      'no tenant': { tid: undefined },
      'a tenant that is no UUID': { tid: '*' },
      'no session': { sid: undefined },
      'a session of a list': { sid: [PAYLOAD.sid] },
      'no id': { jti: undefined },
      'another role': { role: 'operator' },
      'a role of a list': { role: ['admin'] },
      'no role': { role: undefined },
      'an epoch of a text': { epoch: '1' },
      'an epoch below zero': { epoch: -1 },
      'an epoch of a fraction': { epoch: 1.5 },
      'no epoch': { epoch: undefined },
      'no level': { acr: undefined },
      'an unknown level': { acr: 'aal9' },
      'no method': { amr: [] },
      'an unknown method': { amr: ['magic'] },
      'a method of a text': { amr: 'pwd' },
      'very many methods': { amr: Array(50).fill('pwd') },
      'an end that is now': { exp: SECONDS },
      'an end in the past': { iat: SECONDS - 100, exp: SECONDS - 1 },
      'an end beyond the life of a token': { exp: SECONDS + TTL_SECONDS + 1 },
      'an end of a text': { exp: String(SECONDS + TTL_SECONDS) },
      'an end of a fraction': { exp: SECONDS + 1.5 },
      'an end of null': { exp: null },
      'no end': { exp: undefined },
      'an end before the beginning': { iat: SECONDS + 20, exp: SECONDS + 10 },
      'a beginning too far ahead': { iat: SECONDS + 31, exp: SECONDS + 60 },
      'no beginning': { iat: undefined },
      'a sign-in too far ahead': { auth_time: SECONDS + 31 },
      'a sign-in before the epoch': { auth_time: -1 },
      'no sign-in': { auth_time: undefined },
      'a time before which it does not count': { nbf: SECONDS },
      'a scope': { scope: 'admin' },
      'a claim that objects inherit': { constructor: 1 },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(`refuses ${what}`, async () => {
        const text = JSON.stringify({ ...PAYLOAD, ...change });
        expect(await judged(await forged(JSON.stringify(header), text))).to.equal(null);
      });
    }

    const texts: Record<string, string> = {
      'an end of 1e308': PAYLOAD_TEXT.replace(/"exp":\d+/, '"exp":1e308'),
      'an end of 1e999': PAYLOAD_TEXT.replace(/"exp":\d+/, '"exp":1e999'),
      'an end with a fraction of nothing': PAYLOAD_TEXT.replace(/("exp":\d+)/, '$1.0'),
      'an end with an exponent': PAYLOAD_TEXT.replace(/("exp":\d+)/, '$1e0'),
      'an epoch of minus zero': PAYLOAD_TEXT.replace('"epoch":1', '"epoch":-0'),
      'a claim that comes twice': PAYLOAD_TEXT.replace('{', '{"role":"admin",'),
      'a claim that comes twice, the false one last': PAYLOAD_TEXT.replace(/}$/, ',"role":"admin"}'),
      'a claim that comes twice alike': PAYLOAD_TEXT.replace('{', '{"role":"patient",'),
      'a prototype': PAYLOAD_TEXT.replace('{', '{"__proto__":{"role":"admin"},'),
      'a name spelt with an escape': PAYLOAD_TEXT.replace('"role"', '"r\\u006fle"'),
      'a value spelt with an escape': PAYLOAD_TEXT.replace('"patient"', '"p\\u0061tient"'),
      'an escaped slash': PAYLOAD_TEXT.replace('https://', 'https:\\/\\/'),
      'a blank before': ` ${PAYLOAD_TEXT}`,
      'a blank within': PAYLOAD_TEXT.replace(',', ', '),
      'a line end after': `${PAYLOAD_TEXT}\n`,
      'a NUL after': `${PAYLOAD_TEXT}\0`,
      'a byte order mark': `\ufeff${PAYLOAD_TEXT}`,
      'something after the object': `${PAYLOAD_TEXT}{}`,
      'a list': `[${PAYLOAD_TEXT}]`,
      'a text': JSON.stringify(PAYLOAD_TEXT),
      null: 'null',
      nothing: '',
      'deep nesting': '['.repeat(700) + ']'.repeat(700),
    };
    for (const [what, text] of Object.entries(texts)) {
      it(`refuses ${what}`, async () => {
        expect(text).to.not.equal(PAYLOAD_TEXT);
        expect(await judged(await forged(JSON.stringify(header), text))).to.equal(null);
      });
    }

    it('refuses ill-formed UTF-8', async () => {
      const octets = Buffer.from(PAYLOAD_TEXT.replace('patient', 'pat\xffent'), 'latin1');
      expect(await judged(await forged(JSON.stringify(header), octets))).to.equal(null);
    });
  });

  describe('by its spelling', () => {
    let token: string;

    beforeEach(async () => {
      token = await forged(JSON.stringify(header), PAYLOAD_TEXT);
      expect(await judged(token)).to.not.equal(null);
    });

    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

    for (const [index, part] of ['header', 'payload', 'signature'].entries()) {
      it(`refuses spare bits at the end of its ${part}`, async () => {
        let padded = PAYLOAD;
        // A payload whose octets are a multiple of three leaves no spare bits: one that is not has them.
        while (JSON.stringify(padded).length % 3 === 0) padded = { ...padded, epoch: padded.epoch * 10 };
        const spare = await forged(JSON.stringify(header), JSON.stringify(padded));
        const parts = spare.split('.');
        const original = parts[index]!;
        const spellings = Array.from(alphabet, (last) => original.slice(0, -1) + last).filter(
          (other) =>
            other !== original && Buffer.from(other, 'base64url').equals(Buffer.from(original, 'base64url')),
        );
        expect(await judged(spare)).to.not.equal(null);
        for (const other of spellings) {
          expect(await judged(parts.with(index, other).join('.')), other.slice(-4)).to.equal(null);
        }
        expect(spellings.length, part).to.be.greaterThan(0);
      });
    }

    const respellings: Record<string, (genuine: string) => string> = {
      'a blank before': (genuine) => ` ${genuine}`,
      'a blank after': (genuine) => `${genuine} `,
      'a line end after': (genuine) => `${genuine}\n`,
      'a blank within': (genuine) => genuine.replace('.', ' .'),
      'padding of one part': (genuine) => genuine.replace('.', '=.'),
      'padding at the end': (genuine) => `${genuine}==`,
      'a dot after': (genuine) => `${genuine}.`,
      'a dot before': (genuine) => `.${genuine}`,
      'a fourth part': (genuine) => `${genuine}.e30`,
      'five parts': (genuine) => `${genuine}.e30.e30`,
      'two parts': (genuine) => genuine.slice(0, genuine.lastIndexOf('.')),
      'no signature': (genuine) => genuine.slice(0, genuine.lastIndexOf('.') + 1),
      'a shorter signature': (genuine) => genuine.slice(0, -2),
      'a longer signature': (genuine) => `${genuine}AA`,
      'the alphabet of base64': (genuine) =>
        genuine.replaceAll('-', '+').replaceAll('_', '/').replace(/A?$/, '+'),
      'a NUL within': (genuine) => genuine.replace('.', '\0.'),
      'full-width characters': (genuine) => genuine.replace('e', 'ｅ'),
      'the JSON serialization': (genuine) => {
        const [protectedPart, payload, signature] = genuine.split('.');
        return JSON.stringify({ protected: protectedPart, payload, signature });
      },
      'the scheme before': (genuine) => `Bearer ${genuine}`,
    };
    for (const [what, respell] of Object.entries(respellings)) {
      it(`refuses ${what}`, async () => {
        expect(respell(token)).to.not.equal(token);
        expect(await judged(respell(token))).to.equal(null);
      });
    }

    it('refuses what is longer than 2,048 characters, however true', async () => {
      for (const [length, counts] of [
        [1_000, true],
        [1_200, false],
      ] as const) {
        const scope = { ...SCOPE, issuer: `https://${'a'.repeat(length)}.example.test` };
        const wide = keyWorld(scope);
        await wide.signingKeys.ensure(NOW);
        const { kid } = await wide.signingKeys.current(NOW);
        const payload = JSON.stringify({ ...PAYLOAD, iss: scope.issuer });
        const long = await forge(wide.signingKeys, NOW, JSON.stringify({ ...header, kid }), payload);
        expect(long.length > 2_048).to.equal(!counts);
        expect((await wide.verifier.verify(long, NOW)) !== null).to.equal(counts);
      }
    });
  });

  describe('by its time', () => {
    it('counts from half a minute before it was signed until it expires, by the clock that is given', async () => {
      const token = await forged(JSON.stringify(header), PAYLOAD_TEXT);
      for (const seconds of [-30, 0, TTL_SECONDS - 1, TTL_SECONDS - 0.001]) {
        expect(await judged(token, addSeconds(NOW, seconds)), `${seconds}`).to.not.equal(null);
      }
      for (const seconds of [-31, -30.001, TTL_SECONDS, TTL_SECONDS + 1, 1e9, -1e9]) {
        expect(await judged(token, addSeconds(NOW, seconds)), `${seconds}`).to.equal(null);
      }
    });
  });

  describe('by its signature', () => {
    const unsigned = () => `${encoded(JSON.stringify(header))}.${encoded(PAYLOAD_TEXT)}`;

    it('refuses another key under a known kid', async () => {
      const { privateKey } = generateKeyPairSync('ed25519');
      const signature = sign(null, Buffer.from(unsigned()), privateKey);
      expect(await judged(`${unsigned()}.${encoded(signature)}`)).to.equal(null);
    });

    it('refuses HS256 with the public key as the secret, in each of its forms', async () => {
      const [published] = await world.signingKeys.publicKeys(NOW);
      const input = `${encoded(JSON.stringify({ ...header, alg: 'HS256' }))}.${encoded(PAYLOAD_TEXT)}`;
      for (const secret of [
        published!.x,
        Buffer.from(published!.x, 'base64url'),
        JSON.stringify(published),
      ]) {
        const signature = createHmac('sha256', secret).update(input).digest();
        const asLong = Buffer.concat([signature, signature]);
        expect(await judged(`${input}.${encoded(signature)}`)).to.equal(null);
        expect(await judged(`${input}.${encoded(asLong)}`)).to.equal(null);
      }
    });

    it('refuses alg none with an empty signature, and with one of zeros', async () => {
      const input = `${encoded(JSON.stringify({ ...header, alg: 'none' }))}.${encoded(PAYLOAD_TEXT)}`;
      expect(await judged(`${input}.`)).to.equal(null);
      expect(await judged(`${input}.${encoded(Buffer.alloc(64))}`)).to.equal(null);
      expect(await judged(`${unsigned()}.${encoded(Buffer.alloc(64))}`)).to.equal(null);
    });

    it('refuses the signature of another token', async () => {
      const other = await forged(JSON.stringify(header), JSON.stringify({ ...PAYLOAD, role: 'admin' }));
      expect(await judged(other)).to.include({ role: 'admin' });
      const { signature } = partsOf(other);
      expect(await judged(`${unsigned()}.${encoded(signature)}`)).to.equal(null);
    });

    it('refuses a signature whose scalar was moved by the order of the group', async () => {
      const token = await forged(JSON.stringify(header), PAYLOAD_TEXT);
      const { signature } = partsOf(token);
      const order = 2n ** 252n + 27742317777372353535851937790883648493n;
      const scalar = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
      const moved = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse();
      const malleable = Buffer.concat([signature.subarray(0, 32), moved]);
      expect(await judged(`${unsigned()}.${encoded(malleable)}`)).to.equal(null);
    });
  });
});
