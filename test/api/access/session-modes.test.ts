import { expect } from 'chai';
import {
  type Answer,
  type Api,
  newEmail,
  PASSWORD,
  type Person,
  PUBLIC_URL as OWN,
  startApi,
} from '../../support/api.ts';
import { enrolApp } from '../../support/authenticator-app.ts';
import {
  authenticationOptions,
  CEREMONY,
  passkeyOwner,
  presentPasskey,
} from '../../support/passkey-client.ts';
import { problemOf } from '../../support/problem-of.ts';
import { answerChallenge, beginSignIn } from '../../support/second-factor-client.ts';

describe('A refresh token as a cookie', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const MODE = { 'X-Session-Mode': 'cookie' };
  const COOKIE =
    /^__Host-casegate-refresh=([^;]+); Max-Age=1209600; Path=\/; Secure; HttpOnly; SameSite=Strict$/;

  const cookieOf = ({ headers }: Pick<Answer<'problem'>, 'headers'>): string =>
    `__Host-casegate-refresh=${COOKIE.exec(headers.get('set-cookie') ?? '')?.[1] ?? 'none'}`;

  async function signedIn(request = 'POST /auth/register'): Promise<{ as: Person; cookie: string }> {
    const body = { email: newEmail(), password: PASSWORD };
    if (request.endsWith('login')) await api.get('registered', 201, 'POST /auth/register', { body });
    const answer = await api.send('registered', request, { body, headers: { ...MODE, Origin: OWN } });
    expect(answer.body).to.not.have.property('refreshToken');
    expect(answer.headers.get('set-cookie')).to.match(COOKIE);
    return { as: answer.body, cookie: cookieOf(answer) };
  }
  const refresh = (
    headers: Readonly<Record<string, string>>,
    refreshToken?: string,
  ): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/refresh', {
      headers: { Origin: OWN, ...headers },
      ...(refreshToken !== undefined && { body: { refreshToken } }),
    });

  it('comes instead of the field of the JSON, at registration and at login', async () => {
    await signedIn();
    await signedIn('POST /auth/login');
  });

  it('is traded for a new one, without a body, from a page of the service', async () => {
    const { cookie } = await signedIn();
    const headers = { Cookie: `theme=dark; ${cookie}`, Origin: OWN };
    const answer = await api.send('tokens', 'POST /auth/refresh', { headers });
    expect(answer.status).to.equal(200);
    expect(answer.body).to.not.have.property('refreshToken');
    expect(answer.headers.get('set-cookie')).to.match(COOKIE);
    expect(answer.headers.get('set-cookie')).to.not.contain(cookie);
  });

  it('403 does not count from any other page, nor from nowhere', async () => {
    const { cookie } = await signedIn();
    for (const origin of [
      'https://evil.example.com',
      'null',
      'https://casegate.example.org.evil.example',
      '',
    ]) {
      const headers = { Cookie: cookie, ...(origin && { Origin: origin }) };
      const answer = await api.send('problem', 'POST /auth/refresh', { headers });
      problemOf(answer, 403, 'request.origin-refused');
    }
    const headers = { Cookie: cookie, Origin: OWN };
    await api.get('tokens', 200, 'POST /auth/refresh', { headers });
  });

  it('403 is not handed out to a page of another origin', async () => {
    const body = { email: newEmail(), password: PASSWORD };
    const headers = { ...MODE, Origin: 'https://evil.example.com' };
    for (const request of ['POST /auth/register', 'POST /auth/login']) {
      problemOf(await api.send('problem', request, { body, headers }), 403, 'request.origin-refused');
    }
  });

  it('is taken away at logout', async () => {
    const { as, cookie } = await signedIn();
    const answer = await api.send('nothing', 'POST /auth/logout', { as, headers: { Cookie: cookie } });
    expect(answer.status).to.equal(204);
    expect(answer.headers.get('set-cookie')).to.match(
      /^__Host-casegate-refresh=; Max-Age=0; Path=\/; Secure/,
    );
  });

  it('422 knows no other mode', async () => {
    const body = { email: newEmail(), password: PASSWORD };
    const headers = { 'X-Session-Mode': 'carrier pigeon' };
    const answer = await api.send('problem', 'POST /auth/login', { body, headers });
    expect(answer.text).to.not.contain('pigeon');
    expect(problemOf(answer, 422, 'request.invalid').errors?.[0]?.pointer).to.equal('/x-session-mode');
  });

  describe('never becomes one in JSON', () => {
    it('422 where the request asks for JSON: the cookie is not looked at', async () => {
      const { cookie } = await signedIn();
      const answer = await refresh({ Cookie: cookie, 'X-Session-Mode': 'json' });
      const { errors } = problemOf(answer, 422, 'request.invalid');
      expect(errors).to.deep.equal([{ pointer: '/refreshToken', detail: 'Is required.' }]);
      expect((await refresh({ Cookie: cookie })).status).to.equal(200);
    });

    it('401 where what the cookie holds is sent in the body', async () => {
      const { cookie } = await signedIn();
      const [, value = ''] = cookie.split('=');
      problemOf(await refresh({}, value), 401, 'access.refresh-invalid');
      expect((await refresh({ Cookie: cookie })).status).to.equal(200);
    });
  });

  describe('is never made of one in JSON', () => {
    it('422 where the request asks for a cookie, and the token counts on', async () => {
      const { refreshToken } = await api.patient();
      const answer = await refresh(MODE, refreshToken);
      expect(problemOf(answer, 422, 'request.invalid').errors?.[0]?.pointer).to.equal('/refreshToken');
      expect(answer.headers.has('set-cookie')).to.be.false;
      expect((await refresh({}, refreshToken)).status).to.equal(200);
    });

    it('401 where the token is sent as a cookie, as where there is no cookie (any more)', async () => {
      const { refreshToken } = await api.patient();
      const answer = await refresh({ ...MODE, Cookie: `__Host-casegate-refresh=${refreshToken}` });
      problemOf(answer, 401, 'access.refresh-invalid');
      problemOf(await refresh(MODE), 401, 'access.refresh-invalid');
    });
  });

  describe('beside one in JSON', () => {
    it('422 where it is not said which is meant, and both count on', async () => {
      const { cookie } = await signedIn();
      const { refreshToken } = await api.patient();
      for (const headers of [{ Cookie: cookie }, { ...MODE, Cookie: cookie }]) {
        const answer = await refresh(headers, refreshToken);
        expect(problemOf(answer, 422, 'request.invalid').errors?.[0]?.pointer).to.equal('/refreshToken');
      }
      const inJson = await refresh({ Cookie: cookie, 'X-Session-Mode': 'json' }, refreshToken);
      expect(inJson.status).to.equal(200);
      expect(inJson.headers.has('set-cookie')).to.be.false;
      expect((await refresh({ Cookie: cookie })).status).to.equal(200);
    });

    it('is taken away by a sign-in that hands out the other', async () => {
      const { cookie } = await signedIn();
      const { user } = await api.patient();
      const sent = { headers: { Cookie: cookie }, body: { email: user.email, password: PASSWORD } };
      const answer = await api.send('signedIn', 'POST /auth/login', sent);
      expect(answer.body.refreshToken).to.be.a('string');
      expect(answer.headers.get('set-cookie')).to.match(/^__Host-casegate-refresh=; Max-Age=0;/);
    });
  });

  describe('for a sign-in of two steps', () => {
    it('comes with its completion by a code, from a known page', async () => {
      const person = await api.patient();
      const app = await enrolApp(api, person);
      const { challengeId } = await beginSignIn(api, person.user.email);
      const code = await app.code();
      const evil = { ...MODE, Origin: 'https://evil.example.com' };
      const refused = await answerChallenge(api, 'problem', challengeId, { code }, evil);
      problemOf(refused, 403, 'request.origin-refused');
      const headers = { ...MODE, Origin: OWN };
      const answer = await answerChallenge(api, 'signedIn', challengeId, { code }, headers);
      expect(answer.status).to.equal(200);
      expect(answer.body).to.not.have.property('refreshToken');
      expect((await refresh({ Cookie: cookieOf(answer) })).status).to.equal(200);
    });

    it('comes with a passkey, from a known page', async () => {
      const { authenticator } = await passkeyOwner(api);
      const response = authenticator.get(await authenticationOptions(api), CEREMONY);
      const evil = { ...MODE, Origin: 'https://evil.example.com' };
      const refused = await presentPasskey(api, 'problem', response, evil);
      problemOf(refused, 403, 'request.origin-refused');
      const answer = await presentPasskey(api, 'signedIn', response, { ...MODE, Origin: OWN });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.not.have.property('refreshToken');
      expect((await refresh({ Cookie: cookieOf(answer) })).status).to.equal(200);
    });

    it('is not set before it is complete', async () => {
      const person = await api.patient();
      await enrolApp(api, person);
      const sent = {
        headers: { ...MODE, Origin: OWN },
        body: { email: person.user.email, password: PASSWORD },
      };
      const answer = await api.send('challenged', 'POST /auth/login', sent);
      expect(answer.body.kind).to.equal('second-factor-required');
      expect(answer.headers.has('set-cookie')).to.be.false;
    });
  });
});
