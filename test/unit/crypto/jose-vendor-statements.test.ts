import { createHmac } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { JoseVendorStatements } from '../../../src/adapters/crypto/jose-vendor-statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { vendorStatementsContract } from '../../contracts/legacy/vendor-statements-contract.ts';
import { rejectionOf } from '../../contracts/security/rejection-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type SigningAlgorithm, type VendorSigner, vendorSigner } from '../../support/vendor-signer.ts';

const PUBLIC_URL = 'https://casegate.example.org';
const AUDIENCES = ['casegate', PUBLIC_URL];
const NOW = new Date('2026-03-01T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const NONCE = '01900000-0000-7000-8000-000000000001';
const EXPECTED = { nonce: NONCE, kind: 'national_id', identifier: '031472814' } as const;
const CLAIMS = {
  iss: 'north',
  aud: 'casegate',
  nonce: NONCE,
  iat: SECONDS,
  exp: SECONDS + 300,
  identifier: '31472814',
  kind: 'national_id',
};
const HEADER = { alg: 'EdDSA', typ: 'JWT', kid: 'key-1' };

const seconds = (at: Date): number => at.getTime() / 1000;

describe('JoseVendorStatements', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('casegate-statements-');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const publish = (vendorId: string, ...keys: readonly unknown[]): void =>
    writeFileSync(join(folder, `${vendorId}.json`), JSON.stringify({ keys }));
  const judge = (...vendorIds: readonly string[]): JoseVendorStatements =>
    new JoseVendorStatements({
      audiences: AUDIENCES,
      vendors: vendorIds.map((vendorId) => ({
        vendorId,
        keys: { kind: 'file', file: join(folder, `${vendorId}.json`) },
      })),
    });
  const judged = (jwt: string, now = NOW): Promise<boolean> =>
    judge('north').verify('north', jwt, EXPECTED, now);

  vendorStatementsContract('JoseVendorStatements, with keys in files,', () => {
    const signers = { north: vendorSigner(), south: vendorSigner('ES256') };
    for (const [vendorId, { publicJwk }] of Object.entries(signers)) publish(vendorId, publicJwk);
    return {
      vendorStatements: judge('north', 'south'),
      issue: ({ vendorId, kind, issuedAt, expiresAt, nonce, identifier }) =>
        signers[vendorId as keyof typeof signers].state({
          iss: vendorId,
          aud: 'casegate',
          nonce,
          iat: seconds(issuedAt),
          exp: seconds(expiresAt),
          identifier,
          ...(kind !== null && { kind }),
        }),
      interrupt: () => rmSync(join(folder, 'north.json')),
    };
  });

  describe('of a vendor with one key', () => {
    let signer: VendorSigner;
    beforeEach(() => {
      signer = vendorSigner();
      publish('north', signer.publicJwk);
    });

    it('takes the statement that the others differ from', async () => {
      expect(await judged(signer.state(CLAIMS))).to.be.true;
    });

    const forms: Record<string, { claims?: object; header?: object }> = {
      'for us by our address': { claims: { aud: PUBLIC_URL } },
      'for us as the only one of a list': { claims: { aud: ['casegate'] } },
      'of an issuer in another spelling': { claims: { iss: ' NORTH ' } },
      'with the identifier as its subject': { claims: { identifier: undefined, sub: '031472814' } },
      'with another subject beside the identifier': { claims: { sub: 'account-7' } },
      'without its kind': { claims: { kind: undefined } },
      'with an id, a time before which it does not count, and claims of the vendor': {
        claims: { jti: 'x', nbf: SECONDS, name: 'Somebody', groups: ['a'], address: { city: 'here' } },
      },
      'without a type': { header: { typ: undefined } },
      'of a type in lower case': { header: { typ: 'jwt' } },
      'of a type of its own': { header: { typ: 'vendor-statement+jwt' } },
      'without the id of the only key': { header: { kid: undefined } },
      'with the thumbprint of a certificate': { header: { x5t: 'AAAA' } },
    };
    for (const [what, { claims, header }] of Object.entries(forms)) {
      it(`takes one ${what}`, async () => {
        expect(await judged(signer.state({ ...CLAIMS, ...claims }, header))).to.be.true;
      });
    }

    const headers: Record<string, object> = {
      'alg none': { alg: 'none' },
      'alg HS256': { alg: 'HS256' },
      'alg ES256': { alg: 'ES256' },
      'alg in lower case': { alg: 'eddsa' },
      'alg of a list': { alg: ['EdDSA'] },
      'no alg': { alg: undefined },
      'the type of an access token': { typ: 'at+jwt' },
      'the type of an access token with its prefix': { typ: 'application/at+jwt' },
      'the type of a proof of possession': { typ: 'dpop+jwt' },
      'a type of a list': { typ: ['JWT'] },
      'another kid': { kid: 'key-2' },
      'an empty kid': { kid: '' },
      'a kid of a number': { kid: 1 },
      'a very long kid': { kid: 'k'.repeat(257) },
      'a kid that objects inherit': { kid: 'constructor' },
      'an unknown crit': { crit: ['exp'], exp: 1 },
      'an empty crit': { crit: [] },
      'crit b64': { crit: ['b64'], b64: true },
      'b64 false': { b64: false },
    };
    for (const [what, header] of Object.entries(headers)) {
      it(`refuses ${what}`, async () => {
        expect(await judged(signer.state(CLAIMS, header))).to.be.false;
      });
    }

    const claims: Record<string, object> = {
      'another issuer': { iss: 'south' },
      'no issuer': { iss: undefined },
      'issuers in a list': { iss: ['north'] },
      'another audience': { aud: 'other' },
      'our name in capitals': { aud: 'CASEGATE' },
      'our address with a slash': { aud: `${PUBLIC_URL}/` },
      'no audience': { aud: undefined },
      'no audience in a list': { aud: [] },
      'us beside others': { aud: ['casegate', 'other'] },
      'us twice': { aud: ['casegate', 'casegate'] },
      'us in a list of lists': { aud: [['casegate']] },
      'another nonce': { nonce: '01900000-0000-7000-8000-000000000002' },
      'no nonce': { nonce: undefined },
      'a nonce of a list': { nonce: [NONCE] },
      'an end beyond five minutes': { exp: SECONDS + 301 },
      'an end of a text': { exp: String(SECONDS + 300) },
      'an end of a fraction': { exp: SECONDS + 299.5 },
      'an end of null': { exp: null },
      'no end': { exp: undefined },
      'an end before the beginning': { exp: SECONDS - 1 },
      'an end in the past': { iat: SECONDS - 200, exp: SECONDS - 31 },
      'a beginning ahead': { iat: SECONDS + 31, exp: SECONDS + 100 },
      'a beginning below zero': { iat: -1 },
      'no beginning': { iat: undefined },
      'a time before which it does not count': { nbf: SECONDS + 31 },
      'such a time of a text': { nbf: '0' },
      'another identifier': { identifier: '031472822' },
      'an identifier with a wrong check digit': { identifier: '031472815' },
      'an identifier of a number': { identifier: 31472814 },
      'an identifier of a list': { identifier: ['031472814'] },
      'another identifier than its subject': { identifier: '031472822', sub: '031472814' },
      'no identifier': { identifier: undefined },
      'a subject of an object': { identifier: undefined, sub: { id: '031472814' } },
      'an object as a subject beside the identifier': { sub: {} },
      'another kind': { kind: 'email' },
      'a kind of null': { kind: null },
      'a kind of a list': { kind: ['national_id'] },
    };
    for (const [what, change] of Object.entries(claims)) {
      it(`refuses ${what}`, async () => {
        expect(await judged(signer.state({ ...CLAIMS, ...change }))).to.be.false;
      });
    }

    const TEXT = JSON.stringify(CLAIMS);
    const spelled: Record<string, string> = {
      'blanks within': TEXT.replaceAll(',', ', ').replaceAll(':', ' : '),
      'line ends around': `\n${TEXT}\n`,
      'a value spelt with an escape': TEXT.replace('"north"', '"n\\u006frth"'),
      'colons and quotes in its values': TEXT.replace('{', '{"note":"a \\"quoted\\": value\\\\",'),
      'the same name in objects within': TEXT.replace('{', '{"a":{"iss":1},"b":[{"iss":2},{"iss":3}],'),
    };
    for (const [what, payload] of Object.entries(spelled)) {
      it(`takes a payload with ${what}`, async () => {
        expect(await judged(signer.sign(JSON.stringify(HEADER), payload))).to.be.true;
      });
    }

    const misspelled: Record<string, string | Uint8Array> = {
      'an end of 1e308': TEXT.replace(/"exp":\d+/, '"exp":1e308'),
      'an end of 1e999': TEXT.replace(/"exp":\d+/, '"exp":1e999'),
      'beginning and end of 1e308': TEXT.replace(/"(iat|exp)":\d+/g, '"$1":1e308'),
      'a claim that comes twice': TEXT.replace('{', '{"identifier":"031472822",'),
      'a claim that comes twice, the true one first': TEXT.replace(/}$/, ',"identifier":"031472822"}'),
      'a claim that comes twice alike': TEXT.replace('{', '{"nonce":"' + NONCE + '",'),
      'a claim that comes twice, once with an escape': TEXT.replace('{', '{"i\\u0073s":"north",'),
      'a name that comes twice further within': TEXT.replace('{', '{"a":[{"b":1,"b":2}],'),
      'a byte order mark': `\ufeff${TEXT}`,
      'something after it': `${TEXT}{}`,
      'a list around it': `[${TEXT}]`,
      'a text of it': JSON.stringify(TEXT),
      'nothing but null': 'null',
      'very deep nesting': `${'['.repeat(2_900)}${']'.repeat(2_900)}`,
      'ill-formed UTF-8': Buffer.from(TEXT.replace('31472814', '3147\xff814'), 'latin1'),
    };
    for (const [what, payload] of Object.entries(misspelled)) {
      it(`refuses a payload with ${what}`, async () => {
        expect(await judged(signer.sign(JSON.stringify(HEADER), payload))).to.be.false;
      });
    }

    it('refuses a header in which a name comes twice', async () => {
      const header = JSON.stringify(HEADER).replace('{', '{"alg":"none",');
      expect(await judged(signer.sign(header, TEXT))).to.be.false;
    });

    it('refuses what is longer than 8,192 characters, however true', async () => {
      const padded = (length: number): string => signer.state({ ...CLAIMS, pad: 'x'.repeat(length) });
      expect(padded(5_700).length).to.be.within(7_900, 8_192);
      expect(await judged(padded(5_700))).to.be.true;
      expect(padded(6_500).length).to.be.within(8_900, 9_300);
      expect(await judged(padded(6_500))).to.be.false;
    });

    it('refuses a second spelling of a part: padding, spare bits, other alphabets', async () => {
      const jwt = signer.state(CLAIMS);
      const signature = jwt.split('.')[2]!;
      // 64 octets leave spare bits in the last character, of which the next one differs.
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const spare = signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1)!) ^ 1]!;
      expect(Buffer.from(spare, 'base64url')).to.deep.equal(Buffer.from(signature, 'base64url'));
      for (const text of [`${jwt}==`, jwt.replace(signature, spare), jwt.replace('.', '=.'), `${jwt}\n`]) {
        expect(await judged(text)).to.be.false;
      }
    });

    it('refuses the signature of another key, of another statement, and none at all', async () => {
      const [header, payload] = signer.state(CLAIMS).split('.');
      const stranger = vendorSigner();
      expect(await judged(stranger.state(CLAIMS))).to.be.false;
      const signature = signer.state({ ...CLAIMS, nonce: 'other' }).split('.')[2]!;
      expect(await judged(`${header!}.${payload!}.${signature}`)).to.be.false;
      expect(await judged(`${header!}.${payload!}.`)).to.be.false;
      expect(await judged(`${header!}.${payload!}.${Buffer.alloc(64).toString('base64url')}`)).to.be.false;
    });

    it('refuses a key that the statement brings along', async () => {
      const stranger = vendorSigner();
      expect(await judged(stranger.state(CLAIMS, { jwk: stranger.publicJwk }))).to.be.false;
      expect(await judged(stranger.state(CLAIMS, { jku: 'https://attacker.example.test/jwks' }))).to.be.false;
    });

    it('refuses HS256 with the public key as the secret, in each of its forms', async () => {
      const input = [{ ...HEADER, alg: 'HS256' }, CLAIMS]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      for (const secret of [
        JSON.stringify(signer.publicJwk),
        Buffer.from(String(signer.publicJwk['x']), 'base64url'),
        signer.publicKey.export({ format: 'pem', type: 'spki' }),
        signer.publicKey.export({ format: 'der', type: 'spki' }),
      ]) {
        const mac = createHmac('sha256', secret).update(input).digest('base64url');
        expect(await judged(`${input}.${mac}`)).to.be.false;
      }
    });

    it('counts by the clock that is given, half a minute around its times', async () => {
      const jwt = signer.state(CLAIMS);
      for (const at of [-30, 330]) expect(await judged(jwt, addSeconds(NOW, at))).to.be.true;
      for (const at of [-30.001, 330.001]) expect(await judged(jwt, addSeconds(NOW, at))).to.be.false;
    });

    it('follows the file: a key that was replaced counts no more', async () => {
      const statements = judge('north');
      const verify = (jwt: string) => statements.verify('north', jwt, EXPECTED, NOW);
      const next = vendorSigner('ES384', 'key-2');
      expect(await verify(signer.state(CLAIMS))).to.be.true;
      expect(await verify(next.state(CLAIMS))).to.be.false;
      publish('north', next.publicJwk);
      expect(await verify(signer.state(CLAIMS))).to.be.false;
      expect(await verify(next.state(CLAIMS))).to.be.true;
    });
  });

  describe('of a vendor with several keys', () => {
    it('takes each algorithm that is allowed, by the id of its key', async () => {
      const algorithms: readonly SigningAlgorithm[] = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'];
      const signers = algorithms.map((alg) => vendorSigner(alg, alg));
      publish('north', ...signers.map(({ publicJwk }) => publicJwk));
      for (const [index, signer] of signers.entries()) {
        expect(await judged(signer.state(CLAIMS)), algorithms[index]).to.be.true;
        expect(await judged(signer.state(CLAIMS, { kid: undefined })), 'without kid').to.be.false;
        const other = algorithms.find((alg) => alg !== algorithms[index])!;
        expect(await judged(signer.state(CLAIMS, { kid: other })), `as ${other}`).to.be.false;
      }
    });

    it('takes a key for no other algorithm than its own, where it names one', async () => {
      const signer = vendorSigner('RS256');
      publish('north', { ...signer.publicJwk, alg: 'PS256', use: 'sig', key_ops: ['verify'] });
      expect(await judged(signer.state(CLAIMS))).to.be.false;
      publish('north', { ...signer.publicJwk, alg: 'RS256', use: 'sig', key_ops: ['verify'] });
      expect(await judged(signer.state(CLAIMS))).to.be.true;
    });

    it('takes none of two keys of one id', async () => {
      const [one, other] = [vendorSigner(), vendorSigner()];
      publish('north', one.publicJwk, other.publicJwk);
      expect(await judged(one.state(CLAIMS))).to.be.false;
    });

    it('does not count keys for other purposes, private, shared, weak and broken ones', async () => {
      const signer = vendorSigner('EdDSA', null);
      const encrypting = vendorSigner('ES256', 'key-1');
      const leaked = vendorSigner('ES256', 'leaked');
      const shared = { kty: 'oct', k: Buffer.alloc(32, 1).toString('base64url'), kid: 'shared' };
      const curve448 = { kty: 'OKP', crv: 'Ed448', x: 'A'.repeat(76), kid: 'ed448' };
      const broken = { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'broken' };
      publish(
        'north',
        signer.publicJwk,
        { ...encrypting.publicJwk, use: 'enc' },
        { ...encrypting.publicJwk, kid: 'key-3', key_ops: ['deriveBits'] },
        leaked.privateJwk,
        shared,
        curve448,
        broken,
        { kty: 'EC', kid: ['list'] },
      );
      // The only one that counts needs no name.
      expect(await judged(signer.state(CLAIMS))).to.be.true;
      expect(await judged(encrypting.state(CLAIMS))).to.be.false;
      expect(await judged(leaked.state(CLAIMS))).to.be.false;
      const input = [{ alg: 'HS256', kid: 'shared' }, CLAIMS]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const mac = createHmac('sha256', Buffer.alloc(32, 1)).update(input).digest('base64url');
      expect(await judged(`${input}.${mac}`)).to.be.false;
    });
  });

  it('believes one vendor with the key of another nothing, whatever it says of itself', async () => {
    const [north, south] = [vendorSigner(), vendorSigner()];
    publish('north', north.publicJwk);
    publish('south', south.publicJwk);
    const statements = judge('north', 'south');
    expect(await statements.verify('north', south.state(CLAIMS), EXPECTED, NOW)).to.be.false;
    expect(await statements.verify('south', south.state(CLAIMS), EXPECTED, NOW)).to.be.false;
    const own = south.state({ ...CLAIMS, iss: 'south' });
    expect(await statements.verify('south', own, EXPECTED, NOW)).to.be.true;
    expect(await statements.verify('north', own, EXPECTED, NOW)).to.be.false;
  });

  it('tells of a file of keys that cannot be read, once until it could be read again', async () => {
    const [told, signer]: [unknown[], VendorSigner] = [[], vendorSigner()];
    const statements = new JoseVendorStatements({
      audiences: AUDIENCES,
      vendors: [{ vendorId: 'north', keys: { kind: 'file', file: join(folder, 'north.json') } }],
      onFault: (...fault) => void told.push(fault),
    });
    const ask = () => statements.verify('north', signer.state(CLAIMS), EXPECTED, NOW);
    for (let count = 0; count < 2; count += 1) {
      expect(await rejectionOf(ask())).to.be.instanceOf(Unavailable);
      expect(await rejectionOf(ask())).to.be.instanceOf(Unavailable);
      publish('north', signer.publicJwk);
      expect(await ask()).to.be.true;
      rmSync(join(folder, 'north.json'));
    }
    expect(told).to.deep.equal([
      ['north', 'ENOENT'],
      ['north', 'ENOENT'],
    ]);
  });

  it('offers nothing, and believes nothing, of a vendor without keys', async () => {
    const statements = new JoseVendorStatements({
      audiences: AUDIENCES,
      vendors: [{ vendorId: 'north', keys: null }],
    });
    expect(statements.offers('north')).to.be.false;
    expect(await statements.verify('north', vendorSigner().state(CLAIMS), EXPECTED, NOW)).to.be.false;
  });
});
