import { expect } from 'chai';
import { testAdapters } from '../../support/memory/test-adapters.ts';
import { RefreshInvalid, RefreshReused, SecondFactorInvalid } from '../../../src/domain/access/errors.ts';
import type { UserActor } from '../../../src/domain/access/actor.ts';
import { compose } from '../../../src/main/compose.ts';
import { refusalOf } from '../../contracts/stores/expectations.ts';
import { NO_CLIENT, PASSWORD } from '../../support/builders.ts';
import { TestPasskey } from '../../support/memory/test-passkey.ts';
import { signedIn } from '../../support/signed-in.ts';
import { world } from '../../support/world.ts';

const ACCOUNT = { email: 'dana@example.org', password: PASSWORD, client: NO_CLIENT };

/** The use cases on an installation in memory, with a patient who has just registered. */
async function withPatient() {
  const adapters = testAdapters();
  const app = compose(adapters);
  const { tokens } = signedIn(await app.identity.registerUser.execute(ACCOUNT));
  const actorBehind = (token: string): Promise<UserActor | null> =>
    app.access.authenticate.execute({ token });
  return { adapters, app, tokens, actorBehind };
}

describe('The memory adapters', () => {
  it('run a patient from registration to a case that he reads again', async () => {
    const { app } = await withPatient();
    const { tokens } = signedIn(await app.access.login.execute(ACCOUNT));
    const actor = await app.access.authenticate.execute({ token: tokens.accessToken });
    const submission = { actor: actor!, language: 'en', question: 'Is surgery needed?' };
    const { view } = await app.cases.submitCase.execute(submission);
    const read = await app.cases.getCase.execute({ actor: actor!, caseId: view.case.id });
    expect(read).to.deep.equal(view);
    expect(read?.conversation?.question).to.equal('Is surgery needed?');
  });

  it('end a session whose refresh token is used again after the retry', async () => {
    const { adapters, app, tokens, actorBehind } = await withPatient();
    const next = await app.access.refreshToken.execute(tokens);
    expect(await actorBehind(next.accessToken)).to.not.equal(null);
    adapters.clock.advance(11);
    await refusalOf(RefreshReused, app.access.refreshToken.execute(tokens));
    expect(await actorBehind(next.accessToken)).to.equal(null);
  });

  it('carry a mailed token from the outbox to the one who resets a password by it', async () => {
    const { app, mailTo, patient, rows, signIn } = world();
    const { user, tokens } = await patient();
    await app.identity.requestPasswordReset.execute({ email: user.email });
    const { token } = await mailTo(user.email, 'reset-password');
    await app.identity.resetPassword.execute({ token, newPassword: 'another long passphrase' });
    await mailTo(user.email, 'password-changed');
    expect((await rows('outboxEntries')).every(({ payload }) => payload === null)).to.equal(true);
    await refusalOf(RefreshInvalid, app.access.refreshToken.execute(tokens));
    await signIn({ email: user.email, password: 'another long passphrase' });
  });

  it('ask for the code of an authenticator app, and let in by it', async () => {
    const { app, adapters, clock, patient } = world();
    const { actor, user } = await patient();
    const { totp } = adapters;
    const { secret } = await app.access.beginTotpEnrolment.execute({ actor });
    await app.access.confirmTotpEnrolment.execute({ actor, code: totp.codeAt(secret, clock.now()) });
    clock.advance(30);
    const account = { email: user.email, password: PASSWORD, client: NO_CLIENT };
    const outcome = await app.access.login.execute(account);
    if (outcome.kind !== 'second-factor-required') expect.fail(outcome.kind);
    const { challengeId } = outcome;
    const answer = (code: string) =>
      app.access.answerChallenge.execute({ challengeId, answer: { code }, client: NO_CLIENT });
    await refusalOf(SecondFactorInvalid, answer(totp.wrongCodeAt(secret, clock.now())));
    signedIn(await answer(totp.codeAt(secret, clock.now())));
  });

  it('let in by a passkey that was registered', async () => {
    const { app, patient, whoIs } = world();
    const { actor, user } = await patient();
    const device = new TestPasskey('phone');
    const creation = await app.access.beginPasskeyRegistration.execute({ actor });
    const response = device.create(creation);
    await app.access.finishPasskeyRegistration.execute({ actor, response, name: 'Phone' });
    const request = await app.access.beginPasskeyAuthentication.execute({});
    const command = { response: device.get(request), client: NO_CLIENT };
    const { tokens } = signedIn(await app.access.signInWithPasskey.execute(command));
    expect(await whoIs(tokens)).to.deep.include({ userId: user.id, amr: ['swk', 'user', 'mfa'] });
  });

  it('refuse the tokens of a session that was signed out', async () => {
    const { app, tokens, actorBehind } = await withPatient();
    const actor = await actorBehind(tokens.accessToken);
    await app.access.logout.execute({ actor: actor! });
    expect(await actorBehind(tokens.accessToken)).to.equal(null);
  });

  it('give the same ids in each run', async () => {
    const [first, second] = await Promise.all([withPatient(), withPatient()]);
    const idIn = async ({ tokens, actorBehind }: typeof first) =>
      (await actorBehind(tokens.accessToken))?.userId;
    expect(await idIn(first))
      .to.equal(await idIn(second))
      .and.to.be.a('string');
  });

  it('keep installations apart', async () => {
    const { tokens } = await withPatient();
    const { actorBehind } = await withPatient();
    expect(await actorBehind(tokens.accessToken)).to.equal(null);
  });
});
