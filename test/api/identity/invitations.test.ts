import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { mailsDelivered } from '../../support/mails-delivered.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('An invitation', () => {
  let api: Api;
  let admin: Person;
  before(async () => {
    api = await startApi({ EMAIL_VERIFICATION: 'required' });
    const email = newEmail();
    await api.get('status', 202, 'POST /auth/register', { body: { email, password: PASSWORD } });
    await api.sql(
      "UPDATE users SET role = 'admin', email_verified_at = now(), registration_pending = false WHERE email = $1",
      [email],
    );
    admin = await api.signIn(email);
  });
  after(() => api.stop());

  async function invite(given: object = {}): Promise<{ readonly email: string; readonly token: string }> {
    const email = newEmail();
    const body = { email, role: 'physician', ...given };
    const { user } = await api.get('user', 201, 'POST /users', { as: admin, body });
    expect(user).to.include({ email, emailVerified: false, isActive: true });
    return { email, token: (await api.mail.next('invitation', email)).token };
  }
  const accept = (token: string, newPassword = PASSWORD): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/password/reset', { body: { token, newPassword } });
  const login = (email: string, password = PASSWORD): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/login', { body: { email, password } });

  it('lets its owner choose a password, which confirms the address and opens the account', async () => {
    const { email, token } = await invite({ language: 'he' });
    problemOf(await login(email), 401, 'access.invalid-credentials');
    expect((await accept(token)).status).to.equal(204);
    const { user } = await api.signIn(email);
    expect(user).to.include({ email, role: 'physician', emailVerified: true, language: 'he' });
    await mailsDelivered(api);
    expect(api.mail.unread(email)).to.deep.equal([]);
  });

  it('counts once, and not after it has expired', async () => {
    const used = await invite();
    expect((await accept(used.token)).status).to.equal(204);
    problemOf(await accept(used.token), 400, 'access.token-invalid');
    const late = await invite();
    await api.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'");
    problemOf(await accept(late.token), 400, 'access.token-invalid');
    problemOf(await login(late.email), 401, 'access.invalid-credentials');
  });

  it('is good for a password only', async () => {
    const { token } = await invite();
    for (const request of ['POST /auth/email/verify', 'POST /auth/unlock', 'POST /auth/mfa-reset/cancel']) {
      problemOf(await api.send('problem', request, { body: { token } }), 400, 'access.token-invalid');
    }
    expect((await accept(token)).status).to.equal(204);
  });

  it('is not needed by whoever asks for another password in its place', async () => {
    const { email, token } = await invite();
    await api.get('status', 202, 'POST /auth/password/forgot', { body: { email } });
    const { token: other } = await api.mail.next('reset-password', email);
    expect((await accept(other)).status).to.equal(204);
    await api.signIn(email);
    problemOf(await accept(token), 400, 'access.token-invalid');
  });

  it('is not sent with an account that is given a password, whose owner confirms his address instead', async () => {
    const email = newEmail();
    const body = { email, role: 'patient', password: PASSWORD };
    await api.get('user', 201, 'POST /users', { as: admin, body });
    problemOf(await login(email), 403, 'identity.email-not-verified');
    const { token } = await api.mail.next('verify-email', email);
    expect((await api.send('nothing', 'POST /auth/email/verify', { body: { token } })).status).to.equal(204);
    await api.signIn(email);
    expect(api.mail.unread(email)).to.deep.equal([]);
  });

  it('is not sent where there is such an account already', async () => {
    const body = { email: admin.user.email, role: 'physician' };
    problemOf(await api.send('problem', 'POST /users', { as: admin, body }), 409, 'identity.email-taken');
    await mailsDelivered(api);
    expect(api.mail.unread(admin.user.email)).to.not.include('invitation');
  });
});
