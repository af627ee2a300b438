import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { comparable } from '../../support/comparable.ts';
import { mailsDelivered } from '../../support/mails-delivered.ts';
import { problemOf } from '../../support/problem-of.ts';

const OTHER_PASSWORD = 'a lantern for the harbour';

describe('Where e-mail addresses have to be confirmed', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ EMAIL_VERIFICATION: 'required' });
  });
  after(() => api.stop());

  const register = (email: string, password = PASSWORD, given: object = {}): Promise<Answer<'status'>> =>
    api.send('status', 'POST /auth/register', { body: { email, password, ...given } });
  const resend = (email: string, tenant?: string): Promise<Answer<'status'>> =>
    api.send('status', 'POST /auth/email/verify/resend', { body: { email, tenant } });
  const verify = (token: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/email/verify', { body: { token } });
  const login = (email: string, password = PASSWORD): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/login', { body: { email, password } });
  const mailedToken = async (email: string): Promise<string> =>
    (await api.mail.next('verify-email', email)).token;

  /** Somebody who has registered and confirmed his address. */
  async function confirmed(): Promise<string> {
    const email = newEmail();
    await register(email);
    expect((await verify(await mailedToken(email))).status).to.equal(204);
    return email;
  }

  describe('POST /auth/register', () => {
    it('202 sends a mail, and lets nobody in', async () => {
      const email = newEmail();
      const answer = await register(email);
      expect([answer.status, answer.body]).to.deep.equal([202, { status: 'verification-sent' }]);
      expect(answer.headers.has('set-cookie')).to.be.false;
      expect(await mailedToken(email)).to.match(/^[\w-]{43}$/);
    });

    it('202 is the same for a new address, one that waits, one that is confirmed and one that is disabled', async () => {
      const known = await confirmed();
      const waiting = newEmail();
      await register(waiting);
      const disabled = await confirmed();
      await api.sql('UPDATE users SET is_active = false WHERE email = $1', [disabled]);
      const answers = await Promise.all(
        [newEmail(), known, waiting, disabled].map((email) => register(email)),
      );
      expect(new Set(answers.map(comparable)).size).to.equal(1);
      expect(answers[0]?.status).to.equal(202);
    });

    it('tells the owner of a known address by mail, and changes nothing of his account', async () => {
      const email = await confirmed();
      await register(email.toUpperCase(), OTHER_PASSWORD, { language: 'he' });
      await api.mail.next('already-registered', email);
      await mailsDelivered(api);
      expect(api.mail.unread(email)).to.deep.equal([]);
      problemOf(await login(email, OTHER_PASSWORD), 401, 'access.invalid-credentials');
      expect((await login(email)).status).to.equal(200);
    });

    it('goes by the latest mail while nobody has confirmed the address', async () => {
      const email = newEmail();
      await register(email);
      const former = await mailedToken(email);
      await register(email, OTHER_PASSWORD);
      const latest = await mailedToken(email);
      problemOf(await verify(former), 400, 'access.token-invalid');
      expect((await verify(latest)).status).to.equal(204);
      problemOf(await login(email), 401, 'access.invalid-credentials');
      expect((await login(email, OTHER_PASSWORD)).status).to.equal(200);
    });

    it('makes one account where twenty come at once, all with the same answer', async () => {
      const email = newEmail();
      const answers = await Promise.all(Array.from({ length: 20 }, () => register(email)));
      expect(new Set(answers.map(comparable)).size).to.equal(1);
      const rows = await api.sql('SELECT count(*)::int AS count FROM users WHERE email = $1', [email]);
      expect(rows).to.deep.equal([{ count: 1 }]);
    });

    it('422 as ever for a password or an address that is refused', async () => {
      const weak = await api.send('problem', 'POST /auth/register', {
        body: { email: newEmail(), password: 'short' },
      });
      problemOf(weak, 422, 'identity.password-rejected');
    });
  });

  describe('POST /auth/login', () => {
    it('403 identity.email-not-verified for the right password only, and it is no failure', async () => {
      const email = newEmail();
      await register(email);
      for (let times = 0; times < 12; times += 1) {
        problemOf(await login(email), 403, 'identity.email-not-verified');
      }
      problemOf(await login(email, 'not it at all'), 401, 'access.invalid-credentials');
      await verify(await mailedToken(email));
      const { user } = await api.signIn(email);
      expect(user).to.include({ email, emailVerified: true, role: 'patient' });
    });
  });

  describe('POST /auth/email/verify', () => {
    it('204 for one of twenty that come at once', async () => {
      const email = newEmail();
      await register(email);
      const token = await mailedToken(email);
      const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token)));
      expect(answers.filter(({ status }) => status === 204)).to.have.length(1);
      for (const answer of answers) {
        if (answer.status !== 204) problemOf(answer, 400, 'access.token-invalid');
      }
    });

    it('400 for a token that is unknown, expired, or for something else, in one and the same way', async () => {
      const email = newEmail();
      await register(email);
      const expired = await mailedToken(email);
      await api.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'");
      const owner = await confirmed();
      await api.send('status', 'POST /auth/password/forgot', { body: { email: owner } });
      const foreign = (await api.mail.next('reset-password', owner)).token;
      const answers = await Promise.all(['', 'nonsense', 'x'.repeat(43), expired, foreign].map(verify));
      for (const answer of answers) problemOf(answer, 400, 'access.token-invalid');
      expect(new Set(answers.map(comparable)).size).to.equal(1);
    });

    it('422 for what is no text, or too long to be a token', async () => {
      for (const token of [undefined, null, 7, 'x'.repeat(257), 'a\0b']) {
        const { errors } = problemOf(await verify(token), 422, 'request.invalid');
        expect(errors?.[0]?.pointer).to.equal('/token');
      }
    });
  });

  describe('POST /auth/email/verify/resend', () => {
    it('202 mails another token, and the former one stops counting', async () => {
      const email = newEmail();
      await register(email);
      const former = await mailedToken(email);
      expect((await resend(email)).status).to.equal(202);
      const latest = await mailedToken(email);
      expect(latest).to.not.equal(former);
      problemOf(await verify(former), 400, 'access.token-invalid');
      expect((await verify(latest)).status).to.equal(204);
    });

    it('202 is the same for everybody, and whoever has nothing to confirm gets no mail', async () => {
      const known = await confirmed();
      const waiting = newEmail();
      await register(waiting);
      const nobody = newEmail();
      const answers = [await resend(nobody), await resend(known), await resend(waiting, 'nowhere')];
      answers.push(await resend(waiting));
      expect(new Set(answers.map(comparable)).size).to.equal(1);
      await mailedToken(waiting);
      await mailedToken(waiting);
      await mailsDelivered(api);
      expect([nobody, known, waiting].flatMap((email) => api.mail.unread(email))).to.deep.equal([]);
    });

    it('sends no more than ten such mails an hour to one address, with the same answer', async () => {
      const email = newEmail();
      await register(email);
      const answers = [];
      for (let times = 0; times < 12; times += 1) answers.push(await resend(email));
      expect(new Set(answers.map(comparable)).size).to.equal(1);
      const rows = await api.sql(
        `SELECT count(*)::int AS count FROM audit_entries JOIN users ON users.uuid::text = subject_id
         WHERE action = 'identity.verification-requested' AND email = $1`,
        [email],
      );
      expect(rows).to.deep.equal([{ count: 10 }]);
    });
  });
});

describe('Where e-mail addresses need no confirmation', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  it('a registration is signed in at once and sends no mail, and a mail can be asked for', async () => {
    const { user, accessToken } = await api.patient();
    expect(user.emailVerified).to.be.false;
    await mailsDelivered(api);
    expect(api.mail.unread(user.email)).to.deep.equal([]);
    await api.get('status', 202, 'POST /auth/email/verify/resend', { body: { email: user.email } });
    const { token } = await api.mail.next('verify-email', user.email);
    expect((await api.send('nothing', 'POST /auth/email/verify', { body: { token } })).status).to.equal(204);
    const profile = await api.get('profile', 200, 'GET /auth/me', { as: { accessToken } });
    expect(profile.user.emailVerified).to.be.true;
  });
});
