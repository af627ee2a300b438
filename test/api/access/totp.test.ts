import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { type AuthenticatorApp, codeOf, enrolApp, forgetUsedCodes } from '../../support/authenticator-app.ts';
import { problemOf } from '../../support/problem-of.ts';
import { answerChallenge, beginSignIn, signInWith } from '../../support/second-factor-client.ts';
import { withOldProof } from '../../support/with-old-proof.ts';

describe('An authenticator app', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const begin = (as: Person) => api.get('totpEnrolment', 201, 'POST /auth/mfa/totp', { as });
  const confirm = (as: Person, code: string): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/mfa/totp/confirm', { as, body: { code } });
  const remove = (as: Pick<Person, 'accessToken'>): Promise<Answer<'problem'>> =>
    api.send('problem', 'DELETE /auth/mfa/totp', { as });
  const isAsked = async ({ user }: Person): Promise<boolean> =>
    'challengeId' in (await beginSignIn(api, user.email));

  describe('POST /auth/mfa/totp', () => {
    it('201 gives a secret, a link for apps and a QR code, and nothing counts yet', async () => {
      const person = await api.patient();
      const { secret, otpauthUri, qrSvg } = await begin(person);
      expect(secret).to.match(/^[A-Z2-7]{32}$/);
      const uri = new URL(otpauthUri);
      expect([uri.protocol, uri.host]).to.deep.equal(['otpauth:', 'totp']);
      expect(decodeURIComponent(uri.pathname)).to.equal(`/Casegate:${person.user.email}`);
      expect(uri.searchParams.get('secret')).to.equal(secret);
      expect(qrSvg)
        .to.match(/^<svg [^>]*role="img"[^]*<\/svg>$/)
        .and.not.match(/<script|href|on\w+=/);
      expect(await isAsked(person)).to.be.false;
    });

    it('403 access.step-up-required without a recent proof, said as RFC 9470 has it', async () => {
      const stale = await withOldProof(api, await api.patient());
      const answer = await api.send('problem', 'POST /auth/mfa/totp', { as: stale });
      problemOf(answer, 403, 'access.step-up-required');
      expect(answer.headers.get('www-authenticate')).to.equal(
        'Bearer error="insufficient_user_authentication", max_age=300',
      );
    });

    it('401 without a credential', async () => {
      problemOf(await api.send('problem', 'POST /auth/mfa/totp'), 401, 'access.unauthenticated');
    });
  });

  describe('POST /auth/mfa/totp/confirm', () => {
    it('200 gives ten recovery codes, tells the owner by mail, and the app counts', async () => {
      const person = await api.patient();
      const { recoveryCodes } = await enrolApp(api, person);
      expect(new Set(recoveryCodes).size).to.equal(10);
      for (const code of recoveryCodes) {
        expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
      }
      expect(await api.mail.next('second-factor-added', person.user.email)).to.include({ factor: 'totp' });
      expect(await isAsked(person)).to.be.true;
    });

    it('401 for a wrong code, which counts as a failure; the enrolment goes on', async () => {
      const person = await api.patient();
      const { secret } = await begin(person);
      for (const code of [await codeOf(secret, 10_000), await codeOf(secret, -2), 'abc', '']) {
        problemOf(await confirm(person, code), 401, 'access.second-factor-invalid');
      }
      expect((await confirm(person, await codeOf(secret))).status).to.equal(200);
    });

    it('400 access.enrolment-invalid where none was begun, or it is over', async () => {
      const person = await api.patient();
      problemOf(await confirm(person, '123456'), 400, 'access.enrolment-invalid');
      await enrolApp(api, person);
      problemOf(await confirm(person, '123456'), 400, 'access.enrolment-invalid');
    });

    it('goes by the latest secret; the former app counts until the new one is confirmed', async () => {
      const person = await api.patient();
      const former = await enrolApp(api, person);
      const { secret } = await begin(person);
      await signInWith(api, person.user.email, { code: await former.code() });
      expect((await confirm(person, await codeOf(secret))).status).to.equal(200);
      const { challengeId } = await beginSignIn(api, person.user.email);
      const old = await answerChallenge(api, 'problem', challengeId, { code: await former.code(1) });
      problemOf(old, 401, 'access.second-factor-invalid');
      const fresh = await answerChallenge(api, 'signedIn', challengeId, { code: await codeOf(secret, 1) });
      expect(fresh.status).to.equal(200);
      const { recoveryCodes } = former;
      const spent = await beginSignIn(api, person.user.email);
      const recovery = { recoveryCode: recoveryCodes[0]! };
      const answer = await answerChallenge(api, 'problem', spent.challengeId, recovery);
      problemOf(answer, 401, 'access.second-factor-invalid');
    });

    it('429 after ten wrong codes in a row', async () => {
      const person = await api.patient();
      const { secret } = await begin(person);
      const wrong = await codeOf(secret, 10_000);
      const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(person, wrong)));
      expect(answers.filter(({ status }) => status === 401)).to.have.length(10);
      expect(answers.filter(({ status }) => status === 429)).to.have.length(10);
    });
  });

  describe('DELETE /auth/mfa/totp', () => {
    let person: Person;
    let app: AuthenticatorApp;
    beforeEach(async () => {
      person = await api.patient();
      app = await enrolApp(api, person);
    });

    it('204 takes it away with its recovery codes, and tells the owner', async () => {
      expect((await remove(person)).status).to.equal(204);
      expect(await api.mail.next('second-factor-removed', person.user.email)).to.include({ factor: 'totp' });
      expect(await isAsked(person)).to.be.false;
      const left = await api.sql('SELECT 1 FROM recovery_codes WHERE user_uuid = $1 AND code_hashes <> $2', [
        person.user.id,
        [],
      ]);
      expect(left).to.deep.equal([]);
      expect((await remove(person)).status).to.equal(204);
    });

    it('403 for a session that was opened without it', async () => {
      const before = await api.patient();
      const early = await api.signIn(before.user.email);
      await enrolApp(api, before);
      problemOf(await remove(early), 403, 'access.step-up-required');
    });

    it('403 for a proof that is not recent, until it is proven anew', async () => {
      const signedIn = await signInWith(api, person.user.email, { code: await app.code() });
      const stale = await withOldProof(api, signedIn);
      problemOf(await remove(stale), 403, 'access.step-up-required');
      const body = { code: await app.code(1) };
      const fresh = await api.get('steppedUp', 200, 'POST /auth/step-up', { as: stale, body });
      expect((await remove(fresh)).status).to.equal(204);
    });

    it('409 access.last-second-factor where the tenant demands one', async () => {
      const { user } = person;
      await api.sql('UPDATE tenants SET mfa_required = true WHERE uuid = $1', [user.tenantId]);
      problemOf(await remove(person), 409, 'access.last-second-factor');
      await api.sql('UPDATE tenants SET mfa_required = false WHERE uuid = $1', [user.tenantId]);
    });
  });

  it('is told in the access token: how, how far it can be relied upon, and when', async () => {
    const person = await api.patient();
    expect(decodeJwt(person.accessToken)).to.deep.include({ acr: 'aal1', amr: ['pwd'] });
    const app = await enrolApp(api, person);
    await forgetUsedCodes(api);
    const signedIn = await signInWith(api, person.user.email, { code: await app.code() });
    const claims = decodeJwt(signedIn.accessToken);
    expect(claims).to.deep.include({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    expect(Math.abs(Number(claims['auth_time']) - Date.now() / 1000)).to.be.below(5);
    const sessions = await api.get('sessions', 200, 'GET /auth/sessions', { as: signedIn });
    expect(sessions.items.find(({ current }) => current)?.amr).to.deep.equal(['pwd', 'otp', 'mfa']);
  });
});
