import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('The failure counter of an account', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const guess = (email: string, password = 'a wrong guess'): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/login', { body: { email, password } });

  async function fail(email: string, times: number): Promise<void> {
    for (let failures = 0; failures < times; failures += 1) {
      problemOf(await guess(email), 401, 'access.invalid-credentials');
    }
  }

  /** Seconds of the lock that the account is under. */
  async function lockOf(email: string, password?: string): Promise<number> {
    const answer = await guess(email, password);
    problemOf(answer, 429, 'request.rate-limited');
    return Number(answer.headers.get('retry-after'));
  }

  /** Every lock of the installation is over. */
  const waitLockOut = () => api.sql("UPDATE failure_counters SET locked_until = now() - interval '1 second'");

  const accounts: readonly (readonly [string, () => Promise<string>])[] = [
    ['an account', async () => (await api.patient()).user.email],
    ['an address without one', () => Promise.resolve(newEmail())],
  ];
  for (const [what, make] of accounts) {
    describe(`of ${what}`, () => {
      it('lets ten failures in a row go, then locks for 1, 2, 4 … and at last 900 seconds', async () => {
        const email = await make();
        await fail(email, 10);
        const locks = [];
        for (let rounds = 0; rounds < 12; rounds += 1) {
          locks.push(await lockOf(email));
          await waitLockOut();
          await fail(email, 1);
        }
        expect(locks).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
      });

      it('lets through ten of fifty parallel wrong guesses', async () => {
        const email = await make();
        const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => guess(email, `guess ${n}`)));
        const statuses = answers.map(({ status }) => status);
        expect(statuses.filter((status) => status === 401)).to.have.length(10);
        expect(statuses.filter((status) => status === 429)).to.have.length(40);
      });

      it('is the same however the address is written', async () => {
        const email = await make();
        await fail(email, 5);
        await fail(email.toUpperCase(), 5);
        expect(await lockOf(email)).to.equal(1);
      });
    });
  }

  it('says no to the right password while it is locked, and counts no attempt', async () => {
    const { email } = (await api.patient()).user;
    await fail(email, 10);
    const locks = [await lockOf(email, PASSWORD), await lockOf(email, PASSWORD), await lockOf(email)];
    expect(locks).to.deep.equal([1, 1, 1]);
    await waitLockOut();
    await api.signIn(email);
  });

  it('begins again after the right password', async () => {
    const { email } = (await api.patient()).user;
    await fail(email, 9);
    await api.signIn(email);
    await fail(email, 10);
    expect(await lockOf(email)).to.equal(1);
  });

  it('knows the address of one tenant from the same address of another', async () => {
    const { user } = await api.patient();
    const elsewhere = await api.tenant();
    const body = { email: user.email, password: PASSWORD, tenant: elsewhere.slug };
    await api.get('registered', 201, 'POST /auth/register', { body });
    await fail(user.email, 10);
    await lockOf(user.email);
    await api.signIn(user.email, elsewhere.slug);
  });

  it('counts wrong passwords of a change as well', async () => {
    const person = await api.patient();
    const change = () =>
      api.send('problem', 'POST /auth/password', {
        as: person,
        body: { currentPassword: 'a wrong guess', newPassword: 'another quiet staircase' },
      });
    for (let failures = 0; failures < 5; failures += 1) {
      problemOf(await change(), 401, 'access.invalid-credentials');
    }
    await fail(person.user.email, 5);
    problemOf(await change(), 429, 'request.rate-limited');
    expect(await lockOf(person.user.email)).to.equal(1);
  });

  it('never ends a session that lives', async () => {
    const person = await api.patient();
    await fail(person.user.email, 10);
    await lockOf(person.user.email);
    await api.get('profile', 200, 'GET /auth/me', { as: person });
    const { refreshToken } = person;
    await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
  });

  it('keeps no address: its rows are named by a keyed hash of 32 octets', async () => {
    await fail(newEmail(), 1);
    const rows = await api.sql('SELECT DISTINCT octet_length(key) AS octets FROM failure_counters');
    expect(rows).to.deep.equal([{ octets: 32 }]);
  });
});
