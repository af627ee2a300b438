import { expect } from 'chai';
import { Argon2PasswordHasher } from '../../../src/adapters/crypto/argon2-password-hasher.ts';
import { type Answer, type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('The queue in front of password hashing', () => {
  let api: Api;
  before(async () => {
    // One thread, however many cores there are: or else nobody has to wait on a large machine.
    api = await startApi({}, { passwordHasher: new Argon2PasswordHasher({ passes: 3, threads: 1 }) });
  });
  after(() => api.stop());

  const attempts = (count: number, request: string): Promise<readonly Answer<'problem'>[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        api.send('problem', request, { body: { email: newEmail(), password: PASSWORD } }),
      ),
    );

  it('takes 64 that wait and answers 503 with Retry-After to whoever comes besides, at once', async function () {
    this.timeout(30_000);
    const answers = await attempts(120, 'POST /auth/login');
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).to.be.within(1, 54);
    for (const answer of refused) {
      problemOf(answer, 503, 'request.unavailable');
      expect(answer.headers.get('retry-after')).to.equal('1');
    }
    const judged = answers.filter(({ status }) => status === 401);
    expect(judged.length).to.equal(120 - refused.length);
  });

  it('leaves nothing behind of a registration that it refused', async function () {
    this.timeout(30_000);
    const answers = await attempts(90, 'POST /auth/register');
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).to.not.be.empty;
    expect(made.length + refused.length).to.equal(90);
    const [row] = await api.sql(
      'SELECT (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM sessions) AS sessions',
    );
    expect(row).to.deep.equal({ users: made.length, sessions: made.length });
  });

  it('does not hold up what needs no password', async () => {
    const person = await api.patient();
    const busy = attempts(40, 'POST /auth/login');
    const begun = performance.now();
    await api.get('profile', 200, 'GET /auth/me', { as: person });
    const took = performance.now() - begun;
    await busy;
    expect(took).to.be.below(1000);
  });
});

describe('A queue without a place', () => {
  let api: Api;
  before(async () => {
    // Two are at work for a good while, and nobody may wait.
    const passwordHasher = new Argon2PasswordHasher({ passes: 30, threads: 1, maxWaiting: 0 });
    api = await startApi({}, { passwordHasher });
  });
  after(() => api.stop());

  it('counts no failed attempt against whoever it turned away', async () => {
    const { email } = (await api.patient()).user;
    const login = (address: string) =>
      api.send('problem', 'POST /auth/login', { body: { email: address, password: PASSWORD } });
    const enough = new AbortController();
    const crowd = [1, 2].map(async () => {
      while (!enough.signal.aborted) await login(newEmail());
    });
    try {
      for (let turnedAway = 0; turnedAway < 18;) {
        const answers = await Promise.all(Array.from({ length: 9 }, () => login(email)));
        for (const { status } of answers) expect(status).to.be.oneOf([200, 503]);
        turnedAway = answers.every(({ status }) => status === 503) ? turnedAway + 9 : 0;
      }
    } finally {
      enough.abort();
      await Promise.all(crowd);
    }
    await api.signIn(email);
  }).timeout(30_000);
});
