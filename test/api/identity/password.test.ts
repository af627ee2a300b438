import { expect } from 'chai';
import { type Answer, type Api, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

const NEW_PASSWORD = 'a lantern for the harbour';

describe('POST /auth/password', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const change = (as: Person | undefined, body: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/password', { as, body });
  const good = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  const isRefused = (as: Person) => async (): Promise<boolean> =>
    (await api.send('problem', 'GET /auth/me', { as })).status === 401;

  describe('204', () => {
    it('changes it: the new one signs in, the old one does not', async () => {
      const person = await api.patient();
      const answer = await change(person, good);
      expect([answer.status, answer.text]).to.deep.equal([204, '']);
      const { email } = person.user;
      await api.signIn(email, 'default', NEW_PASSWORD);
      const old = await api.send('problem', 'POST /auth/login', { body: { email, password: PASSWORD } });
      problemOf(old, 401, 'access.invalid-credentials');
    });

    it('ends every other session within a second, and keeps the one that asks', async () => {
      const person = await api.patient();
      const others = await Promise.all([1, 2].map(() => api.signIn(person.user.email)));
      expect((await change(person, good)).status).to.equal(204);
      for (const other of others) {
        await eventually(isRefused(other), 1000);
        const { refreshToken } = other;
        const answer = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
        problemOf(answer, 401, 'access.refresh-invalid');
      }
      await api.get('profile', 200, 'GET /auth/me', { as: person });
      const { refreshToken } = person;
      await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    });

    it('lets one of several that come at once through', async () => {
      const person = await api.patient();
      const passwords = [1, 2, 3, 4].map((n) => `lantern number ${String(n)} of four`);
      const answers = await Promise.all(
        passwords.map((newPassword) => change(person, { ...good, newPassword })),
      );
      const won = answers.findIndex(({ status }) => status === 204);
      expect(won).to.be.at.least(0);
      for (const [n, answer] of answers.entries()) {
        if (n !== won) expect(answer.status, answer.text).to.be.oneOf([401, 409]);
      }
      await api.signIn(person.user.email, 'default', passwords[won]);
    });
  });

  describe('401', () => {
    it('access.invalid-credentials where the current one is wrong, and nothing is changed', async () => {
      const person = await api.patient();
      for (const currentPassword of ['not it', '', 'x'.repeat(2000), NEW_PASSWORD]) {
        const answer = await change(person, { ...good, currentPassword });
        problemOf(answer, 401, 'access.invalid-credentials');
      }
      await api.signIn(person.user.email);
    });

    it('access.unauthenticated without a credential', async () => {
      problemOf(await change(undefined, good), 401, 'access.unauthenticated');
    });
  });

  describe('422', () => {
    it('identity.password-rejected says why, at the field', async () => {
      const person = await api.patient();
      const rejected: readonly (readonly [string, RegExp])[] = [
        ['short', /too short/],
        ['iloveyou', /common/],
        ['casegate', /name of this service/],
        ['x'.repeat(1025), /too long/],
      ];
      for (const [newPassword, reason] of rejected) {
        const { detail, errors } = problemOf(
          await change(person, { ...good, newPassword }),
          422,
          'identity.password-rejected',
        );
        expect(detail).to.match(reason);
        expect(errors?.[0]?.pointer).to.equal('/newPassword');
      }
      await api.signIn(person.user.email);
    });

    it('request.invalid names each field that is missing or unknown', async () => {
      const person = await api.patient();
      const { errors = [] } = problemOf(await change(person, {}), 422, 'request.invalid');
      expect(errors.map(({ pointer }) => pointer)).to.have.members(['/currentPassword', '/newPassword']);
      const extra = problemOf(
        await change(person, { ...good, userId: person.user.id }),
        422,
        'request.invalid',
      );
      expect(extra.errors?.[0]?.pointer).to.equal('/userId');
    });
  });
});
