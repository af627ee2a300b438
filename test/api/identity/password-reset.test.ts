import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { enrolApp } from '../../support/authenticator-app.ts';
import { comparable } from '../../support/comparable.ts';
import { mailsDelivered } from '../../support/mails-delivered.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

const NEW_PASSWORD = 'a lantern for the harbour';

describe('A forgotten password', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const forgot = (email: string, tenant?: string): Promise<Answer<'status'>> =>
    api.send('status', 'POST /auth/password/forgot', { body: { email, tenant } });
  const reset = (token: string, newPassword = NEW_PASSWORD): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/password/reset', { body: { token, newPassword } });
  const mailedToken = async (email: string): Promise<string> =>
    (await api.mail.next('reset-password', email)).token;
  const login = (email: string, password = PASSWORD): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/login', { body: { email, password } });
  const isRefused = (as: Person) => async (): Promise<boolean> =>
    (await api.send('problem', 'GET /auth/me', { as })).status === 401;

  /** Somebody who has asked for another password, and the token of the mail. */
  async function forgetful(): Promise<{ readonly person: Person; readonly token: string }> {
    const person = await api.patient();
    await forgot(person.user.email);
    return { person, token: await mailedToken(person.user.email) };
  }

  describe('POST /auth/password/forgot', () => {
    it('202 is the same whether or not anybody gets a mail', async () => {
      const known = (await api.patient()).user.email;
      const disabled = (await api.patient()).user.email;
      await api.sql('UPDATE users SET is_active = false WHERE email = $1', [disabled]);
      const nobody = newEmail();
      const answers = await Promise.all([
        forgot(known),
        forgot(known.toUpperCase()),
        forgot(disabled),
        forgot(nobody),
        forgot(known, 'nowhere'),
      ]);
      expect(answers[0].body).to.deep.equal({ status: 'accepted' });
      expect(answers[0].status).to.equal(202);
      expect(new Set(answers.map(comparable)).size).to.equal(1);
      await mailsDelivered(api);
      expect(api.mail.unread(known)).to.deep.equal(['reset-password', 'reset-password']);
      expect([...api.mail.unread(disabled), ...api.mail.unread(nobody)]).to.deep.equal([]);
    });

    it('ends no session and changes no password', async () => {
      const { person } = await forgetful();
      await api.get('profile', 200, 'GET /auth/me', { as: person });
      await api.signIn(person.user.email);
    });

    it('422 for what is no address', async () => {
      problemOf(
        await api.send('problem', 'POST /auth/password/forgot', { body: { email: 'ada' } }),
        422,
        'request.invalid',
      );
    });
  });

  describe('POST /auth/password/reset', () => {
    it('204 sets the password, confirms the address, and tells the owner', async () => {
      const { person, token } = await forgetful();
      expect(token).to.match(/^[\w-]{43}$/);
      const answer = await reset(token);
      expect([answer.status, answer.text]).to.deep.equal([204, '']);
      await api.mail.next('password-changed', person.user.email);
      problemOf(await login(person.user.email), 401, 'access.invalid-credentials');
      const { user } = await api.signIn(person.user.email, 'default', NEW_PASSWORD);
      expect(user.emailVerified).to.be.true;
    });

    it('204 ends every session within a second', async () => {
      const { person, token } = await forgetful();
      const other = await api.signIn(person.user.email);
      expect((await reset(token)).status).to.equal(204);
      for (const ended of [person, other]) {
        await eventually(isRefused(ended), 1000);
        const { refreshToken } = ended;
        const answer = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
        problemOf(answer, 401, 'access.refresh-invalid');
      }
    });

    it('204 lifts a lock', async () => {
      const person = await api.patient();
      const { email } = person.user;
      for (let failures = 0; failures < 11; failures += 1) await login(email, 'a wrong guess');
      problemOf(await login(email), 429, 'request.rate-limited');
      await forgot(email);
      expect((await reset(await mailedToken(email))).status).to.equal(204);
      await api.signIn(email, 'default', NEW_PASSWORD);
    });

    it('leaves second factors as they are', async () => {
      const { person, token } = await forgetful();
      await enrolApp(api, person);
      expect((await reset(token)).status).to.equal(204);
      const body = { email: person.user.email, password: NEW_PASSWORD };
      const answer = await api.get('challenged', 200, 'POST /auth/login', { body });
      expect(answer.kind).to.equal('second-factor-required');
    });

    it('204 for one of twenty that come at once', async () => {
      const { person, token } = await forgetful();
      const passwords = Array.from({ length: 20 }, (_, n) => `lantern number ${n} of twenty`);
      const answers = await Promise.all(passwords.map((password) => reset(token, password)));
      const won = answers.findIndex(({ status }) => status === 204);
      expect(won).to.be.at.least(0);
      for (const [n, answer] of answers.entries()) {
        if (n !== won) expect(answer.status, answer.text).to.be.oneOf([400, 409]);
      }
      await api.signIn(person.user.email, 'default', passwords[won]);
    });

    it('400 for a token that was used, replaced, or has expired', async () => {
      const { person, token: used } = await forgetful();
      await reset(used);
      const { email } = person.user;
      await forgot(email);
      const replaced = await mailedToken(email);
      await forgot(email);
      const latest = await mailedToken(email);
      const answers = [
        await reset(used),
        await reset(replaced),
        await reset('x'.repeat(43)),
        await reset(''),
      ];
      await api.sql("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'");
      answers.push(await reset(latest));
      for (const answer of answers) problemOf(answer, 400, 'access.token-invalid');
      expect(new Set(answers.map(comparable)).size).to.equal(1);
    });

    it('400 for the token of a mail that confirms an address', async () => {
      const { user } = await api.patient();
      await api.send('status', 'POST /auth/email/verify/resend', { body: { email: user.email } });
      const { token } = await api.mail.next('verify-email', user.email);
      problemOf(await reset(token), 400, 'access.token-invalid');
    });

    it('400 comes before anything is said of the password', async () => {
      problemOf(await reset('x'.repeat(43), 'short'), 400, 'access.token-invalid');
    });

    it('422 for a password that is refused, and the token counts on', async () => {
      const { person, token } = await forgetful();
      for (const password of ['short', 'iloveyou', person.user.email, 'x'.repeat(1025)]) {
        const { errors } = problemOf(await reset(token, password), 422, 'identity.password-rejected');
        expect(errors?.[0]?.pointer).to.equal('/newPassword');
      }
      expect((await reset(token)).status).to.equal(204);
    });
  });
});
