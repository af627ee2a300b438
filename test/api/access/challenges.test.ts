import { expect } from 'chai';
import { type Answer, type Api, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { type AuthenticatorApp, enrolApp, forgetUsedCodes } from '../../support/authenticator-app.ts';
import { comparable } from '../../support/comparable.ts';
import { problemOf } from '../../support/problem-of.ts';
import {
  answerChallenge,
  beginSignIn,
  signInWith,
  type TypedAnswer,
} from '../../support/second-factor-client.ts';

describe('A sign-in that waits for its second factor', () => {
  let api: Api;
  let person: Person;
  let app: AuthenticatorApp;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());
  beforeEach(async () => {
    person = await api.patient();
    app = await enrolApp(api, person);
  });

  const challenge = async (): Promise<string> => (await beginSignIn(api, person.user.email)).challengeId;
  async function twentyChallenges(): Promise<readonly string[]> {
    const waiting = [];
    for (let made = 0; made < 20; made += 1) waiting.push(await challenge());
    return waiting;
  }
  const answer = (challengeId: string, body: TypedAnswer): Promise<Answer<'problem'>> =>
    answerChallenge(api, 'problem', challengeId, body);
  const wrong = async (challengeId: string): Promise<Answer<'problem'>> =>
    answer(challengeId, { code: await app.wrongCode() });
  const count = (answers: readonly Answer<'problem'>[], status: number): number =>
    answers.filter((given) => given.status === status).length;

  it('names the ways to complete it, and is no session', async () => {
    const begun = await beginSignIn(api, person.user.email);
    expect(begun).to.have.all.keys('kind', 'challengeId', 'methods');
    expect(begun.methods).to.deep.equal(['totp', 'recovery-code']);
    const as = { accessToken: begun.challengeId };
    problemOf(await api.send('problem', 'GET /auth/me', { as }), 401, 'access.unauthenticated');
    const before = await api.get('sessions', 200, 'GET /auth/sessions', { as: person });
    expect(before.items).to.have.length(1);
  });

  describe('200', () => {
    it('for the code of now, as a login', async () => {
      const given = await answerChallenge(api, 'signedIn', await challenge(), { code: await app.code() });
      expect(given.status).to.equal(200);
      expect(given.body).to.have.all.keys(
        ...['kind', 'user', 'accessToken', 'tokenType', 'expiresIn', 'refreshToken', 'refreshExpiresIn'],
      );
      expect(given.body.kind).to.equal('signed-in');
      await api.get('profile', 200, 'GET /auth/me', { as: given.body });
    });

    it('for a code with a blank in it, and for one of one step before or after', async () => {
      for (const drift of [-1, 0, 1]) {
        await forgetUsedCodes(api);
        const code = await app.code(drift);
        await signInWith(api, person.user.email, { code: `${code.slice(0, 3)} ${code.slice(3)}` });
      }
    });

    it('for each recovery code once, however it is typed, and the owner is told how many are left', async () => {
      const [first = '', second = '', third = ''] = app.recoveryCodes;
      await signInWith(api, person.user.email, { recoveryCode: first });
      expect((await api.mail.next('recovery-code-used', person.user.email)).remaining).to.equal(9);
      await signInWith(api, person.user.email, { recoveryCode: second.toLowerCase() });
      await signInWith(api, person.user.email, { recoveryCode: third.replace('-', ' ') });
      const challengeId = await challenge();
      for (const recoveryCode of [first, second, third, 'AAAAA-AAAAA', '']) {
        problemOf(await answer(challengeId, { recoveryCode }), 401, 'access.second-factor-invalid');
      }
    });
  });

  describe('401 access.second-factor-invalid', () => {
    it('for a code of two steps before or after', async () => {
      const challengeId = await challenge();
      for (const drift of [-2, 2, -100]) {
        const code = await app.code(drift);
        problemOf(await answer(challengeId, { code }), 401, 'access.second-factor-invalid');
      }
    });

    it('for a code that was used, were it at another sign-in, and for any before it', async () => {
      await forgetUsedCodes(api);
      const used = await app.code();
      const former = await app.code(-1);
      await signInWith(api, person.user.email, { code: used });
      const challengeId = await challenge();
      for (const code of [used, former]) {
        problemOf(await answer(challengeId, { code }), 401, 'access.second-factor-invalid');
      }
    });

    it('for a challenge that is unknown, expired or answered, as for a wrong code', async () => {
      const code = await app.code();
      const unknown = await answer('01900000-0000-7000-8000-000000000000', { code });
      const expired = await challenge();
      await api.sql("UPDATE sign_in_challenges SET expires_at = now() - interval '1 second'");
      const late = await answer(expired, { code });
      const answered = await challenge();
      await answerChallenge(api, 'signedIn', answered, { code });
      const again = await answer(answered, { code: await app.code(1) });
      const answers = [unknown, late, again, await wrong(await challenge())];
      for (const given of answers) problemOf(given, 401, 'access.second-factor-invalid');
      expect(new Set(answers.map(comparable)).size).to.equal(1);
    });

    it('once the password was changed', async () => {
      const challengeId = await challenge();
      const body = { currentPassword: PASSWORD, newPassword: 'a lantern for the harbour' };
      await api.get('nothing', 204, 'POST /auth/password', { as: person, body });
      problemOf(await answer(challengeId, { code: await app.code() }), 401, 'access.second-factor-invalid');
    });

    for (const body of [{ role: 'physician' }, { isActive: false }]) {
      it(`once an admin has set ${JSON.stringify(body)}`, async () => {
        const challengeId = await challenge();
        const admin = await api.member('admin');
        await api.get('user', 200, `PATCH /users/${person.user.id}`, { as: admin, body });
        const code = await app.code();
        problemOf(await answer(challengeId, { code }), 401, 'access.second-factor-invalid');
      });
    }
  });

  describe('429', () => {
    it('for forty of fifty parallel guesses at one challenge; ten are compared', async () => {
      const challengeId = await challenge();
      const answers = await Promise.all(Array.from({ length: 50 }, () => wrong(challengeId)));
      expect([count(answers, 401), count(answers, 429)]).to.deep.equal([10, 40]);
      for (const given of answers.filter(({ status }) => status === 429)) {
        problemOf(given, 429, 'request.rate-limited');
      }
    });

    it('for a spent challenge, and for the account in whatever way somebody guesses at it', async () => {
      const challengeId = await challenge();
      for (let failures = 0; failures < 10; failures += 1) {
        problemOf(await wrong(challengeId), 401, 'access.second-factor-invalid');
      }
      problemOf(await answer(challengeId, { code: await app.code() }), 429, 'request.rate-limited');
      const body = { email: person.user.email, password: PASSWORD };
      problemOf(await api.send('problem', 'POST /auth/login', { body }), 429, 'request.rate-limited');
      await api.get('profile', 200, 'GET /auth/me', { as: person });
      const { token } = await api.mail.next('account-locked', person.user.email);
      await api.get('nothing', 204, 'POST /auth/unlock', { body: { token } });
      problemOf(await answer(challengeId, { code: await app.code() }), 429, 'request.rate-limited');
      await signInWith(api, person.user.email, { code: await app.code() });
    });

    it('for codes that are guessed between right passwords: they do not clear the counter', async () => {
      const answers = [];
      for (let failures = 0; failures < 10; failures += 1) answers.push(await wrong(await challenge()));
      expect(count(answers, 401)).to.equal(10);
      const body = { email: person.user.email, password: PASSWORD };
      problemOf(await api.send('problem', 'POST /auth/login', { body }), 429, 'request.rate-limited');
    });
  });

  it('is completed by one of twenty that send the same code at once', async () => {
    const waiting = await twentyChallenges();
    const code = await app.code();
    const answers = await Promise.all(waiting.map((challengeId) => answer(challengeId, { code })));
    expect(count(answers, 200)).to.equal(1);
    for (const given of answers) expect(given.status, given.text).to.be.oneOf([200, 401, 429]);
  });

  it('is completed by one of twenty that send the same recovery code at once', async () => {
    const waiting = await twentyChallenges();
    const recoveryCode = app.recoveryCodes[4]!;
    const answers = await Promise.all(waiting.map((challengeId) => answer(challengeId, { recoveryCode })));
    expect(count(answers, 200)).to.equal(1);
    for (const given of answers) expect(given.status, given.text).to.be.oneOf([200, 401, 429]);
  });

  it('opens one session, however many right answers come at once', async () => {
    const challengeId = await challenge();
    const codes = app.recoveryCodes.slice(0, 8);
    const answers = await Promise.all(codes.map((recoveryCode) => answer(challengeId, { recoveryCode })));
    expect(count(answers, 200)).to.equal(1);
    const [{ left } = {}] = await api.sql(
      'SELECT cardinality(code_hashes) AS left FROM recovery_codes WHERE user_uuid = $1',
      [person.user.id],
    );
    expect(left).to.equal(9);
  });

  it('422 for anything but exactly one answer, and 404 for what is no id', async () => {
    const challengeId = await challenge();
    const request = `POST /auth/mfa/challenges/${challengeId}`;
    const both = { code: '123456', recoveryCode: 'AAAAA-AAAAA' };
    for (const [body, pointer] of [
      [{}, ''],
      [both, ''],
      [{ code: 123456 }, '/code'],
      [{ code: '123456', recoveryCode: null }, '/recoveryCode'],
      [{ code: 'x'.repeat(65) }, '/code'],
      [{ code: '123456', trust: true }, '/trust'],
    ] as const) {
      const { errors } = problemOf(await api.send('problem', request, { body }), 422, 'request.invalid');
      expect(errors?.[0]?.pointer).to.equal(pointer);
    }
    const body = { code: '123456' };
    const garbled = await api.send('problem', 'POST /auth/mfa/challenges/nonsense', { body });
    problemOf(garbled, 404, 'request.not-found');
  });
});
