import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { mailsDelivered } from '../../support/mails-delivered.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('The lock of an account', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const login = (email: string, password = PASSWORD): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/login', { body: { email, password } });
  const unlock = (token: string): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/unlock', { body: { token } });

  async function lock(email: string): Promise<void> {
    for (let failures = 0; failures < 10; failures += 1) {
      problemOf(await login(email, 'a wrong guess'), 401, 'access.invalid-credentials');
    }
    problemOf(await login(email), 429, 'request.rate-limited');
  }

  async function locked(): Promise<Person> {
    const person = await api.patient();
    await lock(person.user.email);
    return person;
  }

  describe('POST /auth/unlock', () => {
    it('204 ends it by the token that its owner was mailed when it began', async () => {
      const { user } = await locked();
      const { token } = await api.mail.next('account-locked', user.email);
      expect((await unlock(token)).status).to.equal(204);
      await api.signIn(user.email);
      problemOf(await unlock(token), 400, 'access.token-invalid');
    });

    it('mails nothing more while the lock grows, and nothing to whoever has no account', async () => {
      const { user } = await locked();
      await api.mail.next('account-locked', user.email);
      for (let failures = 0; failures < 3; failures += 1) {
        await api.sql("UPDATE failure_counters SET locked_until = now() - interval '1 second'");
        await login(user.email, 'a wrong guess');
      }
      const nobody = newEmail();
      await lock(nobody);
      await mailsDelivered(api);
      expect([...api.mail.unread(user.email), ...api.mail.unread(nobody)]).to.deep.equal([]);
    });

    it('400 for what is no token of a lock', async () => {
      problemOf(await unlock('x'.repeat(43)), 400, 'access.token-invalid');
      const { user } = await api.patient();
      await api.get('status', 202, 'POST /auth/password/forgot', { body: { email: user.email } });
      const { token } = await api.mail.next('reset-password', user.email);
      problemOf(await unlock(token), 400, 'access.token-invalid');
    });

    it('is not needed by sessions that live', async () => {
      const person = await locked();
      await api.get('profile', 200, 'GET /auth/me', { as: person });
      const { refreshToken } = person;
      await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    });
  });

  describe('POST /users/{id}/unlock', () => {
    it('204 ends it on the word of an admin, and is harmless where there is none', async () => {
      const { user } = await locked();
      const admin = await api.member('admin');
      await api.get('nothing', 204, `POST /users/${user.id}/unlock`, { as: admin });
      await api.signIn(user.email);
      await api.get('nothing', 204, `POST /users/${user.id}/unlock`, { as: admin });
    });

    it('404 for nobody, for what is no id, and for the account of another tenant', async () => {
      const admin = await api.member('admin');
      const elsewhere = await api.patient((await api.tenant()).slug);
      for (const id of ['01900000-0000-7000-8000-000000000000', 'nonsense', elsewhere.user.id]) {
        const answer = await api.send('problem', `POST /users/${id}/unlock`, { as: admin });
        problemOf(answer, 404, 'request.not-found');
      }
    });

    it('401 without a credential, and 403 for patients and physicians', async () => {
      const { user } = await api.patient();
      const request = `POST /users/${user.id}/unlock`;
      problemOf(await api.send('problem', request), 401, 'access.unauthenticated');
      for (const role of ['patient', 'physician'] as const) {
        const as = await api.member(role);
        problemOf(await api.send('problem', request, { as }), 403, 'access.forbidden');
      }
    });
  });
});
