import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { enrolApp, forgetUsedCodes } from '../../support/authenticator-app.ts';
import { problemOf } from '../../support/problem-of.ts';
import { signInWith } from '../../support/second-factor-client.ts';
import { withOldProof } from '../../support/with-old-proof.ts';

describe('POST /auth/step-up', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  type Bearer = Pick<Person, 'accessToken'>;
  const stepUp = (as: Bearer | undefined, body: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/step-up', { as, body });
  const proven = (as: Bearer, body: unknown) => api.get('steppedUp', 200, 'POST /auth/step-up', { as, body });
  const change = (as: Bearer): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/email/change', { as, body: { email: newEmail() } });
  const authTimeOf = ({ accessToken }: Bearer): number => Number(decodeJwt(accessToken)['auth_time']);

  it('200 gives an access token of the same session with a fresh auth_time, and no other refresh token', async () => {
    const stale = await withOldProof(api, await api.patient());
    problemOf(await change(stale), 403, 'access.step-up-required');
    const fresh = await proven(stale, { password: PASSWORD });
    expect(fresh).to.have.all.keys('accessToken', 'tokenType', 'expiresIn');
    expect(authTimeOf(fresh) - authTimeOf(stale)).to.be.at.least(300);
    const [before, after] = [stale, fresh].map(({ accessToken }) => decodeJwt(accessToken));
    expect(after?.['sid']).to.equal(before?.['sid']);
    expect((await change(fresh)).status).to.equal(202);
    problemOf(await change(stale), 403, 'access.step-up-required');
  });

  it('is kept with the session: a refresh gives a token that tells of it', async () => {
    const stale = await withOldProof(api, await api.patient());
    await proven(stale, { password: PASSWORD });
    const { refreshToken } = stale;
    const tokens = await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    expect((await change(tokens)).status).to.equal(202);
  });

  it('is not renewed by a refresh, a session of the same account or time', async () => {
    const person = await api.patient();
    const stale = await withOldProof(api, person);
    await api.signIn(person.user.email);
    const { refreshToken } = stale;
    const tokens = await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    problemOf(await change(tokens), 403, 'access.step-up-required');
  });

  describe('with a second factor', () => {
    it('asks a session that was opened without it for the code: the password alone is not enough', async () => {
      const person = await api.patient();
      const early = await api.signIn(person.user.email);
      const app = await enrolApp(api, person);
      const byPassword = await proven(early, { password: PASSWORD });
      expect(decodeJwt(byPassword.accessToken)).to.deep.include({ acr: 'aal1', amr: ['pwd'] });
      problemOf(await change(byPassword), 403, 'access.step-up-required');
      const byCode = await proven(early, { code: await app.code() });
      expect(decodeJwt(byCode.accessToken)).to.deep.include({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
      expect((await change(byCode)).status).to.equal(202);
    });

    it('takes either proof of a session that was opened with it', async () => {
      const person = await api.patient();
      const app = await enrolApp(api, person);
      for (const proof of [{ password: PASSWORD }, { code: await app.code(1) }]) {
        await api.sql('UPDATE totp_factors SET last_step = 0');
        const signedIn = await signInWith(api, person.user.email, { code: await app.code() });
        const stale = await withOldProof(api, signedIn);
        expect((await change(await proven(stale, proof))).status).to.equal(202);
      }
    });

    it('401 for a code that is wrong or was used, and it counts with every other guess', async () => {
      const person = await api.patient();
      const app = await enrolApp(api, person);
      await forgetUsedCodes(api);
      const code = await app.code();
      await proven(person, { code });
      problemOf(await stepUp(person, { code }), 401, 'access.second-factor-invalid');
      for (let failures = 0; failures < 9; failures += 1) {
        problemOf(await stepUp(person, { code: await app.wrongCode() }), 401, 'access.second-factor-invalid');
      }
      problemOf(await stepUp(person, { code: await app.code(1) }), 429, 'request.rate-limited');
      problemOf(await stepUp(person, { password: PASSWORD }), 429, 'request.rate-limited');
      await api.get('profile', 200, 'GET /auth/me', { as: person });
    });

    it('401 for a code where there is no authenticator app', async () => {
      const answer = await stepUp(await api.patient(), { code: '123456' });
      problemOf(answer, 401, 'access.second-factor-invalid');
    });

    it('403 for a change of the password by a session that was opened without it', async () => {
      const person = await api.patient();
      const early = await api.signIn(person.user.email);
      await enrolApp(api, person);
      const body = { currentPassword: PASSWORD, newPassword: 'a lantern for the harbour' };
      const answer = await api.send('problem', 'POST /auth/password', { as: early, body });
      problemOf(answer, 403, 'access.step-up-required');
      await api.get('nothing', 204, 'POST /auth/password', { as: person, body });
    });
  });

  it('401 for a wrong password: ten of fifty parallel ones are compared', async () => {
    const person = await api.patient();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => stepUp(person, { password: `guess number ${n}` })),
    );
    const refused = answers.filter(({ status }) => status === 401);
    expect(refused).to.have.length(10);
    for (const answer of refused) problemOf(answer, 401, 'access.invalid-credentials');
    expect(answers.filter(({ status }) => status === 429)).to.have.length(40);
  });

  it('401 without a credential, and for a session that is over', async () => {
    problemOf(await stepUp(undefined, { password: PASSWORD }), 401, 'access.unauthenticated');
    const person = await api.patient();
    await api.get('nothing', 204, 'POST /auth/logout', { as: person });
    problemOf(await stepUp(person, { password: PASSWORD }), 401, 'access.unauthenticated');
  });

  it('422 for anything but exactly one proof', async () => {
    const person = await api.patient();
    for (const body of [{}, { password: PASSWORD, code: '123456' }, { password: 7 }, { recoveryCode: 'x' }]) {
      problemOf(await stepUp(person, body), 422, 'request.invalid');
    }
  });
});
