import { expect } from 'chai';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { type Api, type Person, PUBLIC_URL, type Sent, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('A credential', () => {
  let api: Api;
  let person: Person;
  before(async () => {
    api = await startApi();
    person = await api.patient();
  });
  after(() => api.stop());

  async function refused(
    headers: NonNullable<Sent['headers']>,
    challenge: string,
    request = 'GET /auth/me',
  ): Promise<void> {
    const answer = await api.send('problem', request, { headers });
    problemOf(answer, 401, 'access.unauthenticated');
    expect(answer.headers.get('www-authenticate')).to.equal(challenge);
  }

  it('counts under its scheme in any case, and after more than one blank', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
      const headers = { Authorization: `${scheme} ${person.accessToken}` };
      await api.get('profile', 200, 'GET /auth/me', { headers });
    }
  });

  it('is asked for where none is sent', () => refused({}, 'Bearer'));

  it('is refused under another scheme, twice, in two parts, and anywhere but in the header', async () => {
    const { accessToken } = person;
    const basic = Buffer.from(`${person.user.email}:x`).toString('base64');
    const wrong = [
      '',
      'Bearer',
      'Bearer ',
      accessToken,
      `Basic ${basic}`,
      `Token ${accessToken}`,
      `Bearer${accessToken}`,
      `Bearer\t${accessToken}`,
      `Bearer ${accessToken}, Bearer ${accessToken}`,
      `Bearer ${accessToken} x`,
      `Bearer "${accessToken}"`,
      'Bearer cg_0123456789abcdef',
    ];
    for (const authorization of wrong) {
      await refused({ Authorization: authorization }, 'Bearer error="invalid_token"');
    }
    await refused({}, 'Bearer', `GET /auth/me?access_token=${accessToken}`);
    await refused({ Cookie: `access_token=${accessToken}` }, 'Bearer');
  });

  it('is refused when two are sent, in either order, were they the same', async () => {
    const { accessToken } = person;
    const right = ['Authorization', `Bearer ${accessToken}`] as const;
    const wrong = ['Authorization', 'Bearer nonsense'] as const;
    for (const headers of [
      [right, wrong],
      [wrong, right],
      [right, right],
      [right, ['authorization', `Bearer ${accessToken}`] as const],
    ]) {
      await refused(headers, 'Bearer error="invalid_token"');
    }
  });

  it('that is bad is refused even where none is needed', async () => {
    const body = { language: 'en', question: 'Is it so?' };
    const headers = { Authorization: 'Bearer nonsense' };
    const answer = await api.send('problem', 'POST /cases', { body, headers });
    problemOf(answer, 401, 'access.unauthenticated');
  });

  it('is not looked at where the route is open to everybody', async () => {
    const headers = { Authorization: 'Bearer nonsense' };
    for (const path of ['/health/live', '/.well-known/jwks.json', '/openapi.json', '/docs']) {
      expect((await api.send('nothing', `GET ${path}`, { headers })).status, path).to.equal(200);
    }
  });

  describe('GET /.well-known/jwks.json', () => {
    it('200 has the public keys, and nothing of the private ones', async () => {
      const answer = await api.send('jwks', 'GET /.well-known/jwks.json');
      expect(answer.body.keys).to.have.length(1);
      expect(answer.body.keys[0]).to.have.all.keys('kty', 'crv', 'x', 'kid', 'alg', 'use');
      expect(answer.body.keys[0]).to.include({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=60');
    });

    it('lets anybody verify an access token, which tells ids only', async () => {
      const jwks = await api.get('jwks', 200, 'GET /.well-known/jwks.json');
      const keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet);
      const expected = { issuer: PUBLIC_URL, audience: 'casegate', typ: 'at+jwt' };
      const { payload, protectedHeader } = await jwtVerify(person.accessToken, keys, expected);
      expect(protectedHeader).to.have.all.keys('alg', 'typ', 'kid');
      expect(payload).to.have.all.keys(
        ...['iss', 'aud', 'sub', 'client_id', 'jti', 'iat', 'exp'],
        ...['tid', 'sid', 'role', 'epoch', 'acr', 'amr', 'auth_time'],
      );
      expect(payload).to.include({
        sub: person.user.id,
        tid: person.user.tenantId,
        role: 'patient',
        acr: 'aal1',
      });
      expect(payload.exp! - payload.iat!).to.equal(600);
      expect(JSON.stringify(payload)).to.not.contain(person.user.email);
    });
  });
});
