import { expect } from 'chai';
import { SoftwareAuthenticator } from '../../contracts/security/software-authenticator.ts';
import type { TenantAnswer, UserAnswer } from '../../support/api-bodies.ts';
import { type Answer, type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { codeOf, enrolApp } from '../../support/authenticator-app.ts';
import {
  authenticationOptions,
  CEREMONY,
  presentPasskey,
  registerPasskey,
} from '../../support/passkey-client.ts';
import { problemOf } from '../../support/problem-of.ts';

/** What the token of an enrolment opens. */
const OPENED = [
  'POST /auth/mfa/totp',
  'POST /auth/mfa/totp/confirm',
  'POST /auth/passkeys/registration/options',
  'POST /auth/passkeys/registration/verify',
];

describe('Somebody who has to enrol a second factor', () => {
  let api: Api;
  let tenant: TenantAnswer;
  before(async () => {
    api = await startApi();
    tenant = await api.tenant({ mfaRequired: true });
  });
  after(() => api.stop());

  interface Newcomer {
    readonly user: UserAnswer;
    readonly accessToken: string;
  }

  /** Somebody who has just registered; what he bears as an access token is the token of an enrolment. */
  async function newcomer(): Promise<Newcomer> {
    const body = { email: newEmail(), password: PASSWORD, tenant: tenant.slug };
    const given = await api.get('registeredForEnrolment', 201, 'POST /auth/register', { body });
    return { user: given.user, accessToken: given.enrolmentToken };
  }
  const login = (user: UserAnswer): Promise<Answer<'enrolment'>> =>
    api.send('enrolment', 'POST /auth/login', {
      body: { email: user.email, password: PASSWORD, tenant: tenant.slug },
    });
  const begin = (accessToken: string): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/mfa/totp', { as: { accessToken } });

  it('gets a token in place of a session, at registration and at each login', async () => {
    const body = { email: newEmail(), password: PASSWORD, tenant: tenant.slug };
    const headers = { 'X-Session-Mode': 'cookie', Origin: 'https://casegate.example.org' };
    const registered = await api.send('registeredForEnrolment', 'POST /auth/register', { body, headers });
    expect(registered.status).to.equal(201);
    expect(registered.body).to.have.all.keys('kind', 'user', 'enrolmentToken');
    expect(registered.body.kind).to.equal('second-factor-enrolment-required');
    expect(registered.headers.has('set-cookie')).to.be.false;
    const answer = await login(registered.body.user);
    expect(answer.status).to.equal(200);
    expect(answer.body).to.have.all.keys('kind', 'enrolmentToken');
    const sessions = await api.sql('SELECT 1 FROM sessions WHERE user_uuid = $1', [registered.body.user.id]);
    expect(sessions).to.deep.equal([]);
  });

  it('can do nothing with it but enrol: every other operation that asks for a credential refuses it', async () => {
    const { accessToken } = await newcomer();
    const answer = await api.send('nothing', 'GET /openapi.json');
    const { paths } = JSON.parse(answer.text) as {
      paths: Record<string, Record<string, { security: readonly object[] }>>;
    };
    let refused = 0;
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(item)) {
        const operation = `${method.toUpperCase()} ${path}`;
        if (security.length === 0 || OPENED.includes(operation)) continue;
        const request = operation.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000');
        const given = await api.send('problem', request, { as: { accessToken } });
        problemOf(given, 401, 'access.unauthenticated');
        expect(given.headers.get('www-authenticate')).to.equal('Bearer error="invalid_token"');
        refused += 1;
      }
    }
    expect(refused).to.be.above(20);
    expect((await begin(accessToken)).status).to.equal(201);
  });

  it('cannot trade it for a session', async () => {
    const { accessToken } = await newcomer();
    const refresh = { body: { refreshToken: accessToken } };
    problemOf(await api.send('problem', 'POST /auth/refresh', refresh), 401, 'access.refresh-invalid');
    for (const request of ['POST /auth/email/verify', 'POST /auth/unlock', 'POST /auth/mfa-reset/cancel']) {
      const given = await api.send('problem', request, { body: { token: accessToken } });
      problemOf(given, 400, 'access.token-invalid');
    }
  });

  it('enrols an authenticator app, which spends it, and signs in with both', async () => {
    const { user, accessToken } = await newcomer();
    const app = await enrolApp(api, { accessToken });
    problemOf(await begin(accessToken), 401, 'access.unauthenticated');
    const body = { email: user.email, password: PASSWORD, tenant: tenant.slug };
    const { challengeId } = await api.get('challenged', 200, 'POST /auth/login', { body });
    const answer = { body: { code: await app.code() } };
    const signedIn = await api.get('signedIn', 200, `POST /auth/mfa/challenges/${challengeId}`, answer);
    await api.get('profile', 200, 'GET /auth/me', { as: signedIn });
  });

  it('enrols a passkey, which spends it, and signs in with that alone', async () => {
    const { user, accessToken } = await newcomer();
    const authenticator = new SoftwareAuthenticator();
    const { recoveryCodes } = await registerPasskey(api, { accessToken }, authenticator);
    expect(recoveryCodes).to.have.length(10);
    problemOf(await begin(accessToken), 401, 'access.unauthenticated');
    const response = authenticator.get(await authenticationOptions(api), CEREMONY);
    const signedIn = await presentPasskey(api, 'signedIn', response);
    expect(signedIn.body.user.id).to.equal(user.id);
  });

  it('goes by the latest token, for a quarter of an hour', async () => {
    const { user, accessToken: former } = await newcomer();
    const { enrolmentToken: latest } = (await login(user)).body;
    problemOf(await begin(former), 401, 'access.unauthenticated');
    expect((await begin(latest)).status).to.equal(201);
    const [row] = await api.sql(
      `SELECT extract(epoch FROM expires_at - created_at)::int AS seconds
       FROM one_time_tokens WHERE user_uuid = $1 AND purpose = 'factor-enrolment'`,
      [user.id],
    );
    expect(row).to.deep.equal({ seconds: 900 });
    await api.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'");
    problemOf(await begin(latest), 401, 'access.unauthenticated');
  });

  it('is stopped where the account is disabled or its password changed by mail', async () => {
    const disabled = await newcomer();
    await api.sql('UPDATE users SET is_active = false WHERE uuid = $1', [disabled.user.id]);
    problemOf(await begin(disabled.accessToken), 401, 'access.unauthenticated');
    const { user, accessToken } = await newcomer();
    const address = { email: user.email, tenant: tenant.slug };
    await api.get('status', 202, 'POST /auth/password/forgot', { body: address });
    const { token } = await api.mail.next('reset-password', user.email);
    const body = { token, newPassword: 'a lantern for the harbour' };
    await api.get('nothing', 204, 'POST /auth/password/reset', { body });
    problemOf(await begin(accessToken), 401, 'access.unauthenticated');
  });

  it('cannot add another factor with a token from before the first', async () => {
    const { user, accessToken } = await newcomer();
    const { secret } = await api.get('totpEnrolment', 201, 'POST /auth/mfa/totp', { as: { accessToken } });
    const confirm = async () =>
      api.send('problem', 'POST /auth/mfa/totp/confirm', {
        as: { accessToken },
        body: { code: await codeOf(secret) },
      });
    const answers = await Promise.all([confirm(), confirm(), confirm()]);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    problemOf(await confirm(), 401, 'access.unauthenticated');
    const rows = await api.sql('SELECT count(*)::int AS count FROM totp_factors WHERE user_uuid = $1', [
      user.id,
    ]);
    expect(rows).to.deep.equal([{ count: 1 }]);
  });

  it('counts against the limit of his account, wherever he comes from', async () => {
    const limits = { authenticated: { limit: 2, windowSeconds: 600 } };
    const limited = await startApi({ RATE_LIMITS: JSON.stringify(limits) });
    try {
      await limited.sql('UPDATE tenants SET mfa_required = true');
      const tokens = [];
      for (let people = 0; people < 2; people += 1) {
        const body = { email: newEmail(), password: PASSWORD };
        const given = await limited.get('registeredForEnrolment', 201, 'POST /auth/register', { body });
        tokens.push(given.enrolmentToken);
      }
      const statuses = [];
      for (const accessToken of [tokens[0]!, tokens[0]!, tokens[0]!, tokens[1]!]) {
        statuses.push((await limited.send('nothing', 'POST /auth/mfa/totp', { as: { accessToken } })).status);
      }
      expect(statuses).to.deep.equal([201, 201, 429, 201]);
    } finally {
      await limited.stop();
    }
  });
});
