import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { expect } from 'chai';
import { JoseSigningKeys } from '../../../src/adapters/crypto/jose-signing-keys.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { PostgresSigningKeyStore } from '../../../src/adapters/postgres/stores/signing-key-store.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';
import { encoded, forge, partsOf } from '../../unit/crypto/forge.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Made with the very key of the service, unless it says otherwise: what is wrong is what its name says, and nothing else. */
describe('A forged access token', () => {
  const masterKey = randomBytes(32);
  let api: Api;
  let database: PostgresDatabase;
  let signingKeys: JoseSigningKeys;
  let person: Person;
  let header: Fields;
  let payload: Fields;

  before(async () => {
    api = await startApi({ MASTER_KEY: masterKey.toString('base64') });
    database = openDatabase({ url: api.databaseUrl, prepared: true });
    const signingKeyStore = new PostgresSigningKeyStore(database.kysely);
    signingKeys = new JoseSigningKeys({ signingKeyStore, masterKey: new MasterKey(masterKey) }, 600);
    person = await api.patient();
    const genuine = partsOf(person.accessToken);
    header = JSON.parse(genuine.header) as Fields;
    payload = JSON.parse(genuine.payload) as Fields;
  });
  after(async () => {
    await database.close();
    await api.stop();
  });

  const signed = (head: Fields, claims: Fields | string): Promise<string> => {
    const text = typeof claims === 'string' ? claims : JSON.stringify(claims);
    return forge(signingKeys, new Date(), JSON.stringify(head), text);
  };
  const send = (accessToken: string) => api.send('problem', 'GET /auth/me', { as: { accessToken } });
  async function refused(accessToken: string): Promise<void> {
    expect(accessToken).to.not.equal(person.accessToken);
    const answer = await send(accessToken);
    problemOf(answer, 401, 'access.unauthenticated');
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer error="invalid_token"');
  }

  it('that differs from a genuine one in nothing is taken', async () => {
    expect((await send(await signed(header, { ...payload, jti: person.user.id }))).status).to.equal(200);
  });

  const headers: Readonly<Record<string, Fields>> = {
    'alg none': { alg: 'none' },
    'alg HS256': { alg: 'HS256' },
    'alg ES256': { alg: 'ES256' },
    'alg RS256': { alg: 'RS256' },
    'typ JWT': { typ: 'JWT' },
    'no typ': { typ: undefined },
    'no kid': { kid: undefined },
    'an unknown kid': { kid: 'A'.repeat(43) },
    'a kid of a path': { kid: '../../../../dev/null' },
    'an unknown crit': { crit: ['exp'] },
    'a key of its own': { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } },
    'the address of a key': { jku: 'https://attacker.example.com/jwks.json' },
  };
  for (const [what, change] of Object.entries(headers)) {
    it(`is refused for its header with ${what}`, async () => {
      await refused(await signed({ ...header, ...change }, payload));
    });
  }

  const now = Math.floor(Date.now() / 1000);
  const claims: Readonly<Record<string, Fields>> = {
    'another issuer': { iss: 'https://attacker.example.com' },
    'another audience': { aud: 'other' },
    'audiences in a list': { aud: ['casegate', 'other'] },
    'no audience': { aud: undefined },
    'an empty subject': { sub: '' },
    'a subject of an object': { sub: {} },
    'no subject': { sub: undefined },
    'no session': { sid: undefined },
    'no tenant': { tid: undefined },
    'an unknown role': { role: 'operator' },
    'an end in the past': { iat: now - 700, exp: now - 100 },
    'an end far away': { exp: now + 86_400 },
    'no end': { exp: undefined },
    'a beginning in an hour': { iat: now + 3600, exp: now + 3700 },
    'a scope': { scope: 'admin' },
  };
  for (const [what, change] of Object.entries(claims)) {
    it(`is refused for ${what}`, async () => {
      await refused(await signed(header, { ...payload, ...change }));
    });
  }

  it('is refused for an end of 1e308, a claim that comes twice, and deep nesting', async () => {
    const text = JSON.stringify(payload);
    await refused(await signed(header, text.replace(/"exp":\d+/, '"exp":1e308')));
    await refused(await signed(header, text.replace('{', '{"role":"admin",')));
    await refused(await signed(header, text.replace(/}$/, ',"role":"admin"}')));
    await refused(await signed(header, `${'['.repeat(500)}${']'.repeat(500)}`));
  });

  it('is refused for its signature: none, zeros, another key, HS256 with the public key', async () => {
    const unsigned = (head: Fields) => `${encoded(JSON.stringify(head))}.${encoded(JSON.stringify(payload))}`;
    await refused(`${unsigned({ ...header, alg: 'none' })}.`);
    await refused(`${unsigned({ alg: 'none' })}.`);
    await refused(`${unsigned(header)}.`);
    await refused(`${unsigned(header)}.${encoded(Buffer.alloc(64))}`);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    await refused(`${unsigned(header)}.${encoded(sign(null, Buffer.from(unsigned(header)), stranger))}`);
    const [published] = (await api.get('jwks', 200, 'GET /.well-known/jwks.json')).keys;
    for (const secret of [published!['x']!, JSON.stringify(published)]) {
      const input = unsigned({ ...header, alg: 'HS256' });
      await refused(`${input}.${encoded(createHmac('sha256', secret).update(input).digest())}`);
    }
  });

  it('is refused for every other spelling of a genuine one', async () => {
    const genuine = await signed(header, payload);
    const [head, body, signature] = genuine.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spareBits = Array.from(alphabet, (last) => signature.slice(0, -1) + last).filter(
      (other) =>
        other !== signature && Buffer.from(other, 'base64url').equals(Buffer.from(signature, 'base64url')),
    );
    expect(spareBits).to.not.be.empty;
    const spellings = [
      ...spareBits.map((other) => `${head}.${body}.${other}`),
      `${genuine}=`,
      `${genuine}==`,
      `${head}=.${body}.${signature}`,
      `${genuine}.`,
      `${genuine}.e30`,
      `${head}.${body}`,
      `${head}..${signature}`,
      `${head}.${body}.${signature}AA`,
      `${head}.${Buffer.from(body, 'base64url').toString('base64')}.${signature}+`,
      'x'.repeat(8000),
    ];
    for (const spelling of spellings) await refused(spelling);
  });

  it('is refused for a part that belongs to another token', async () => {
    const admin = await api.member('admin');
    const [head, , signature] = person.accessToken.split('.');
    const [, body] = admin.accessToken.split('.');
    await refused(`${head!}.${body!}.${signature!}`);
  });

  it('is refused where a refresh token or an id stands in its place', async () => {
    await refused(person.refreshToken);
    await refused(person.user.id);
  });
});
