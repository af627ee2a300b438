import { expect } from 'chai';
import { PASSWORD } from '../../support/builders.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { startApi, type StartedApi, stopApis } from './support/start-api.ts';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const EMAIL = 'ada@example.org';

describe('POST /auth/register', () => {
  let api: StartedApi;
  beforeEach(async () => (api = await startApi()));
  afterEach(stopApis);

  const register = (body: object) => api.send('POST', '/auth/register', { body });

  it('201: makes a patient and signs him in', async () => {
    const response = await register({ email: 'Ada@Example.org', password: PASSWORD, language: 'iw' });
    expect(response.status).to.equal(201);
    const { user, ...tokens } = (await response.json()) as { user: Record<string, unknown> };
    expect(user).to.have.all.keys(
      ...['id', 'email', 'role', 'tenantId', 'isActive', 'emailVerified', 'language', 'createdAt'],
    );
    expect(user).to.include({
      email: EMAIL,
      role: 'patient',
      isActive: true,
      emailVerified: false,
      language: 'he',
    });
    expect(tokens).to.have.all.keys(
      'accessToken',
      'tokenType',
      'expiresIn',
      'refreshToken',
      'refreshExpiresIn',
    );
    expect(tokens).to.include({ tokenType: 'Bearer' });
  });

  for (const email of ['jürgen@example.org', 'x.y_z@b.co', ' Grace@Example.org ']) {
    it(`201: with the address "${email}", which the domain takes for one`, async () => {
      expect((await register({ email, password: PASSWORD })).status).to.equal(201);
      expect(
        (await api.send('POST', '/auth/login', { body: { email, password: PASSWORD } })).status,
      ).to.equal(200);
    });
  }

  it('409: the address has an account, in whatever case it is written', async () => {
    await register({ email: EMAIL, password: PASSWORD });
    const response = await register({ email: 'ADA@example.org', password: PASSWORD });
    expect((await problemOfResponse(response)).code).to.equal('identity.email-taken');
  });

  it('422: the policy refuses the password, and says why and where', async () => {
    const { code, errors } = await problemOfResponse(await register({ email: EMAIL, password: 'short' }));
    expect(code).to.equal('identity.password-rejected');
    expect(errors).to.deep.equal([
      { pointer: '/password', detail: 'The password is too short: use at least 8 characters.' },
    ]);
  });

  for (const [what, body, pointer] of [
    ['no address', { password: PASSWORD }, '/email'],
    ['an address that is none', { email: 'ada', password: PASSWORD }, '/email'],
    [
      'an address that is too long',
      { email: `${'a'.repeat(250)}@example.org`, password: PASSWORD },
      '/email',
    ],
    ['a role', { email: EMAIL, password: PASSWORD, role: 'admin' }, '/role'],
    ['a language that is none', { email: EMAIL, password: PASSWORD, language: 'not a tag' }, '/language'],
    ['a tenant that does not exist', { email: EMAIL, password: PASSWORD, tenant: 'nowhere' }, '/tenant'],
    ['a password that is no text', { email: EMAIL, password: 12345678 }, '/password'],
  ] as const) {
    it(`422: ${what}`, async () => {
      const { status, errors } = await problemOfResponse(await register(body));
      expect([status, errors?.map((field) => field.pointer)]).to.deep.equal([422, [pointer]]);
    });
  }
});

describe('POST /auth/login', () => {
  let api: StartedApi;
  beforeEach(async () => {
    api = await startApi();
    await api.world.patient({ email: EMAIL });
  });
  afterEach(stopApis);

  const login = (body: object) => api.send('POST', '/auth/login', { body });

  it('200: the account and its tokens', async () => {
    const response = await login({ email: EMAIL, password: PASSWORD });
    expect(response.status).to.equal(200);
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).to.have.all.keys(
      ...['kind', 'user', 'accessToken', 'tokenType', 'expiresIn', 'refreshToken', 'refreshExpiresIn'],
    );
    expect(body['kind']).to.equal('signed-in');
    expect(JSON.stringify(body)).to.not.contain('passwordHash');
  });

  it('401: one answer for a wrong password, an unknown account and an unknown tenant', async () => {
    const answers = await Promise.all(
      [
        { email: EMAIL, password: 'wrong password' },
        { email: 'bob@example.org', password: PASSWORD },
        { email: EMAIL, password: PASSWORD, tenant: 'nowhere' },
        { email: EMAIL, password: '' },
      ].map(async (body) => {
        const response = await login(body);
        const { code, detail, status } = await problemOfResponse(response.clone());
        const names = [...response.headers.keys()].filter((name) => name !== 'date');
        return JSON.stringify([status, code, detail, names, response.headers.get('www-authenticate')]);
      }),
    );
    expect(answers[0]).to.contain('access.invalid-credentials');
    expect(new Set(answers).size).to.equal(1);
  });

  it('429: too many failures in a row, with the time to wait', async () => {
    for (let failures = 0; failures < 10; failures += 1) {
      await login({ email: EMAIL, password: 'wrong password' });
    }
    const response = await login({ email: EMAIL, password: PASSWORD });
    expect((await problemOfResponse(response)).code).to.equal('request.rate-limited');
    expect(Number(response.headers.get('retry-after'))).to.be.at.least(1);
  });
});

describe('POST /auth/refresh', () => {
  let api: StartedApi;
  beforeEach(async () => (api = await startApi()));
  afterEach(stopApis);

  const refresh = (refreshToken: string) => api.send('POST', '/auth/refresh', { body: { refreshToken } });

  it('200: new tokens for a refresh token', async () => {
    const { tokens } = await api.world.patient();
    const response = await refresh(tokens.refreshToken);
    expect(response.status).to.equal(200);
    const fresh = (await response.json()) as Tokens;
    expect(fresh).to.have.all.keys(
      'accessToken',
      'tokenType',
      'expiresIn',
      'refreshToken',
      'refreshExpiresIn',
    );
    expect(fresh.refreshToken).to.not.equal(tokens.refreshToken);
  });

  it('401: a token that nobody issued', async () => {
    const response = await refresh('anything');
    expect((await problemOfResponse(response)).code).to.equal('access.refresh-invalid');
    expect(response.headers.get('www-authenticate')).to.equal('Bearer');
  });

  it('401: a token used again later, and then its session is over', async () => {
    const { tokens } = await api.world.patient();
    const fresh = (await (await refresh(tokens.refreshToken)).json()) as Tokens;
    api.world.clock.advance(60);
    expect((await problemOfResponse(await refresh(tokens.refreshToken))).code).to.equal(
      'access.refresh-reused',
    );
    const headers = { authorization: `Bearer ${fresh.accessToken}` };
    expect((await api.send('GET', '/auth/me', { headers })).status).to.equal(401);
  });

  it('422: neither a token nor a cookie', async () => {
    for (const sent of [{}, { body: {} }]) {
      const { errors } = await problemOfResponse(await api.send('POST', '/auth/refresh', sent));
      expect(errors).to.deep.equal([{ pointer: '/refreshToken', detail: 'Is required.' }]);
    }
  });
});

describe('X-Session-Mode: cookie', () => {
  const origin = 'https://casegate.example.org';
  const mode = { 'x-session-mode': 'cookie', origin };
  let api: StartedApi;
  beforeEach(async () => {
    api = await startApi({ config: { corsOrigins: ['https://app.example.org'] } });
    await api.world.patient({ email: EMAIL });
  });
  afterEach(stopApis);

  const signIn = (headers: Readonly<Record<string, string>> = mode) =>
    api.send('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD }, headers });
  const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';

  it('gives the refresh token as a cookie that scripts, other sites and plain HTTP do not get', async () => {
    const response = await signIn();
    expect(await response.json()).to.not.have.property('refreshToken');
    const [, ...attributes] = response.headers.get('set-cookie')?.split('; ') ?? [];
    expect(cookieOf(response)).to.match(/^__Host-casegate-refresh=[\w-]{20,}$/);
    expect(attributes).to.include.members(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict']);
    expect(attributes.find((attribute) => attribute.startsWith('Max-Age='))).to.match(/=[1-9]\d*$/);
  });

  it('takes it back from pages of the service and of listed origins', async () => {
    let cookie = cookieOf(await signIn());
    for (const from of [origin, 'https://app.example.org']) {
      const response = await api.send('POST', '/auth/refresh', {
        headers: { cookie: `a=b; ${cookie}`, origin: from },
      });
      expect(response.status).to.equal(200);
      expect(await response.json()).to.not.have.property('refreshToken');
      expect(cookieOf(response)).to.not.equal(cookie);
      cookie = cookieOf(response);
    }
  });

  it('refuses it from any other origin, and from none', async () => {
    const cookie = cookieOf(await signIn());
    for (const headers of [
      { cookie, origin: 'https://evil.example.org' },
      { cookie, origin: 'null' },
      { cookie },
    ]) {
      const response = await api.send('POST', '/auth/refresh', { headers });
      expect((await problemOfResponse(response)).code).to.equal('request.origin-refused');
    }
  });

  it('is not begun for pages of other origins', async () => {
    const response = await signIn({ ...mode, origin: 'https://evil.example.org' });
    expect((await problemOfResponse(response)).code).to.equal('request.origin-refused');
    expect(response.headers.get('set-cookie')).to.equal(null);
  });

  it('ends with the session', async () => {
    const response = await signIn();
    const { accessToken } = (await response.json()) as Tokens;
    const headers = { cookie: cookieOf(response), authorization: `Bearer ${accessToken}` };
    const ended = await api.send('POST', '/auth/logout', { headers });
    expect(ended.headers.get('set-cookie')).to.match(/^__Host-casegate-refresh=; Max-Age=0;/);
  });
});

describe('A signed-in person', () => {
  let api: StartedApi;
  beforeEach(async () => (api = await startApi()));
  afterEach(stopApis);

  it('reads and changes his own account', async () => {
    const as = await api.world.patient();
    const read = (await (await api.send('GET', '/auth/me', { as })).json()) as { user: { id: string } };
    expect(read.user.id).to.equal(as.user.id);
    expect(read).to.not.have.property('physician');
    const changed = await api.send('PATCH', '/auth/me', { as, body: { language: 'FR-ca' } });
    expect(((await changed.json()) as { user: object }).user).to.include({ language: 'fr-CA' });
    const unchanged = await api.send('PATCH', '/auth/me', { as, body: {} });
    expect(unchanged.status).to.equal(200);
    expect(((await unchanged.json()) as { user: object }).user).to.include({ language: 'fr-CA' });
    for (const body of [{ language: 'fr', role: 'admin' }, { language: null }, { language: 'no tag' }, []]) {
      expect((await api.send('PATCH', '/auth/me', { as, body })).status).to.equal(422);
    }
  });

  it('is refused with 401 by what is his own without a credential', async () => {
    for (const [method, path] of [
      ['GET', '/auth/me'],
      ['PATCH', '/auth/me'],
      ['GET', '/auth/sessions'],
      ['DELETE', '/auth/sessions'],
      ['POST', '/auth/logout'],
      ['POST', '/auth/password'],
      ['GET', '/cases'],
    ] as const) {
      const response = await api.send(method, path);
      expect((await problemOfResponse(response)).code, path).to.equal('access.unauthenticated');
      expect(response.headers.get('www-authenticate'), path).to.equal('Bearer');
    }
  });

  it('signs out: neither of his tokens counts any more', async () => {
    const as = await api.world.patient();
    expect((await api.send('POST', '/auth/logout', { as })).status).to.equal(204);
    expect((await api.send('GET', '/auth/me', { as })).status).to.equal(401);
    const body = { refreshToken: as.tokens.refreshToken };
    expect((await api.send('POST', '/auth/refresh', { body })).status).to.equal(401);
  });

  it('changes his password: the other sessions end, this one stays', async () => {
    const here = await api.world.patient({ email: EMAIL });
    const there = await api.world.signIn({ email: EMAIL });
    const change = (currentPassword: string, newPassword: string) =>
      api.send('POST', '/auth/password', { as: here, body: { currentPassword, newPassword } });
    expect((await problemOfResponse(await change('wrong password', 'a new long password'))).status).to.equal(
      401,
    );
    const rejected = await problemOfResponse(await change(PASSWORD, 'short'));
    expect(rejected.code).to.equal('identity.password-rejected');
    expect(rejected.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/newPassword']);
    expect((await change(PASSWORD, 'a new long password')).status).to.equal(204);
    expect((await api.send('GET', '/auth/me', { as: here })).status).to.equal(200);
    expect((await api.send('GET', '/auth/me', { as: there })).status).to.equal(401);
  });
});

describe('/auth/sessions', () => {
  let api: StartedApi;
  beforeEach(async () => (api = await startApi()));
  afterEach(stopApis);

  interface Listed {
    readonly items: readonly { readonly id: string; readonly current: boolean }[];
    readonly nextCursor: string | null;
  }

  it('lists them page by page, newest first, and says which one asks', async () => {
    const client = { userAgent: 'a browser', address: '192.0.2.1' };
    const first = await api.world.patient({ email: EMAIL, client });
    api.world.clock.advance(1);
    const as = await api.world.signIn({ email: EMAIL });
    api.world.clock.advance(1);
    const last = await api.world.signIn({ email: EMAIL });
    api.world.clock.advance(1);
    // Use does not change the order, so that nothing is listed twice or left out while somebody pages.
    const body = { refreshToken: first.tokens.refreshToken };
    expect((await api.send('POST', '/auth/refresh', { body })).status).to.equal(200);
    const all = (await (await api.send('GET', '/auth/sessions', { as })).json()) as Listed;
    expect(all.items.map(({ id }) => id)).to.deep.equal(
      [last, as, first].map(({ actor }) => actor.sessionId),
    );
    expect(all.items.map(({ current }) => current)).to.deep.equal([false, true, false]);
    expect(all.nextCursor).to.equal(null);
    expect(all.items[2]).to.have.all.keys(
      ...['id', 'createdAt', 'lastUsedAt', 'userAgent', 'address', 'current', 'amr'],
    );
    expect(all.items[2]).to.deep.include({ ...client, amr: ['pwd'] });
    const begun = (await (await api.send('GET', '/auth/sessions?limit=2', { as })).json()) as Listed;
    const rest = `/auth/sessions?limit=2&cursor=${String(begun.nextCursor)}`;
    const second = (await (await api.send('GET', rest, { as })).json()) as Listed;
    expect([...begun.items, ...second.items]).to.deep.equal(all.items);
    expect(second.nextCursor).to.equal(null);
  });

  it('ends one of them, or all but the one that asks', async () => {
    const first = await api.world.patient({ email: EMAIL });
    const second = await api.world.signIn({ email: EMAIL });
    const third = await api.world.signIn({ email: EMAIL });
    const statusOf = async (as: typeof first) => (await api.send('GET', '/auth/me', { as })).status;
    const end = (id: string) => api.send('DELETE', `/auth/sessions/${id}`, { as: first });
    expect((await end(second.actor.sessionId)).status).to.equal(204);
    expect([await statusOf(second), await statusOf(third)]).to.deep.equal([401, 200]);
    expect((await end(second.actor.sessionId)).status).to.equal(404);
    expect((await api.send('DELETE', '/auth/sessions', { as: first })).status).to.equal(204);
    expect([await statusOf(first), await statusOf(third)]).to.deep.equal([200, 401]);
  });

  it('does not end those of others', async () => {
    const mine = await api.world.patient();
    const other = await api.world.patient();
    const response = await api.send('DELETE', `/auth/sessions/${other.actor.sessionId}`, { as: mine });
    expect((await problemOfResponse(response)).code).to.equal('request.not-found');
    expect((await api.send('GET', '/auth/me', { as: other })).status).to.equal(200);
  });
});
