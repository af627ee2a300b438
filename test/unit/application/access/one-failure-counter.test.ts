import { expect } from 'chai';
import {
  InvalidCredentials,
  RateLimited,
  SecondFactorInvalid,
  Unavailable,
} from '../../../../src/domain/access/errors.ts';
import { compose } from '../../../../src/main/compose.ts';
import { NO_CLIENT, PASSWORD } from '../../../support/builders.ts';
import { type EnrolledTotp, enrolTotp } from '../../../support/enrol-totp.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const WRONG = 'not the password';

describe('The failure counter of an account with a second factor', () => {
  let here: World;
  let person: Member;
  let totp: EnrolledTotp;
  let challengeId: string;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
    totp = await enrolTotp(here, person.actor);
    // Another app that waits for its first code, so that confirming it is a way as well.
    await here.app.access.beginTotpEnrolment.execute({ actor: person.actor });
    challengeId = await challenge();
  });

  const login = (password: string) =>
    here.app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT });
  const challenge = async () => ofKind(await login(PASSWORD), 'second-factor-required').challengeId;
  const answer = (given: { code: string } | { recoveryCode: string }, id = challengeId) =>
    here.app.access.answerChallenge.execute({ challengeId: id, answer: given, client: NO_CLIENT });
  const stepUp = (proof: { password: string } | { code: string }) =>
    here.app.access.stepUp.execute({ actor: person.actor, proof });
  const changePassword = (currentPassword: string) =>
    here.app.identity.changePassword.execute({ actor: person.actor, currentPassword, newPassword: PASSWORD });
  const failures = async () => (await here.rows('failureCounters'))[0]?.failures;

  /** Every way to guess, each with a wrong guess. */
  const ways = (): readonly (() => Promise<unknown>)[] => [
    () => login(WRONG),
    () => answer({ code: totp.wrongCode() }),
    () => answer({ recoveryCode: '00000-00000' }),
    () => stepUp({ password: WRONG }),
    () => stepUp({ code: totp.wrongCode() }),
    () => changePassword(WRONG),
    () => here.app.access.confirmTotpEnrolment.execute({ actor: person.actor, code: totp.wrongCode() }),
  ];
  it('counts nothing that could not be compared', async () => {
    const { textCipher } = here.adapters;
    const open = () => Promise.reject(new Unavailable());
    const seal: typeof textCipher.seal = (place, text) => textCipher.seal(place, text);
    const { access } = compose({ ...here.adapters, textCipher: { seal, open } });
    const before = await failures();
    for (let guess = 0; guess < 20; guess += 1) {
      const command = { challengeId, answer: { code: totp.wrongCode() }, client: NO_CLIENT };
      expect(await refusalOf(access.answerChallenge.execute(command))).to.be.instanceOf(Unavailable);
    }
    expect((await failures()) ?? 0).to.equal(before ?? 0);
    expect(isWrong(await refusalOf(answer({ code: totp.wrongCode() })))).to.equal(true);
  });

  const isWrong = (refusal: unknown) =>
    refusal instanceof InvalidCredentials || refusal instanceof SecondFactorInvalid;

  it('is one for every way to guess: ten are free in all, then each way is locked', async () => {
    for (let guess = 0; guess < 10; guess += 1) {
      const refusal = await refusalOf(ways()[guess % ways().length]!());
      expect(isWrong(refusal)).to.equal(true);
      expect(await failures()).to.equal(guess + 1);
    }
    for (const way of ways()) {
      const refusal = await refusalOf(way());
      expect(refusal).to.be.instanceOf(RateLimited).with.property('retryAfterSeconds', 1);
    }
    expect(await failures()).to.equal(10);
  });

  it('locks the right proof out as well, and counts no answer of the challenge meanwhile', async () => {
    for (let guess = 0; guess < 10; guess += 1) await refusalOf(login(WRONG));
    for (let time = 0; time < 12; time += 1) {
      expect(await refusalOf(answer({ code: totp.code() }))).to.be.instanceOf(RateLimited);
    }
    here.clock.advance(1);
    expect((await answer({ code: totp.code() })).kind).to.equal('signed-in');
  });

  it('lets ten of fifty parallel guesses be compared, whatever the way', async () => {
    const challenges = await Promise.all(Array.from({ length: 10 }, challenge));
    const guesses = Array.from({ length: 50 }, (_, index) =>
      index % 2
        ? () => answer({ code: totp.wrongCode() }, challenges[index % 10])
        : ways()[index % ways().length]!,
    );
    const refusals = await Promise.all(guesses.map((guess) => refusalOf(guess())));
    expect(refusals.filter(isWrong)).to.have.length(10);
    expect(refusals.filter((refusal) => refusal instanceof RateLimited)).to.have.length(40);
    expect(await failures()).to.equal(10);
  });

  it('is not cleared by a right password that a second factor has to follow', async () => {
    for (let guess = 0; guess < 9; guess += 1) {
      expect(await refusalOf(answer({ code: totp.wrongCode() }))).to.be.instanceOf(SecondFactorInvalid);
      challengeId = await challenge();
      expect(await failures()).to.equal(guess + 1);
    }
    await refusalOf(answer({ code: totp.wrongCode() }));
    expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
  });

  it('is not cleared by stepping up with one factor where the session knows of one only', async () => {
    const clinic = await here.tenant();
    person = await here.patient({ email: EMAIL, tenant: clinic });
    const thief = await here.signIn({ email: EMAIL, tenant: clinic });
    const app = await enrolTotp(here, person.actor);
    const guess = (proof: { password: string } | { code: string }) =>
      here.app.access.stepUp.execute({ actor: thief.actor, proof });
    for (let time = 0; time < 9; time += 1) {
      await refusalOf(guess({ code: app.wrongCode() }));
      await guess({ password: PASSWORD });
    }
    await refusalOf(guess({ code: app.wrongCode() }));
    expect(await refusalOf(guess({ password: PASSWORD }))).to.be.instanceOf(RateLimited);
  });

  for (const [what, prove] of [
    ['a complete sign-in', () => answer({ code: totp.code() })],
    ['a recovery code', () => answer({ recoveryCode: totp.recoveryCodes[0] ?? '' })],
    ['stepping up in a session of two factors', () => stepUp({ password: PASSWORD })],
    ['a change of the password', () => changePassword(PASSWORD)],
  ] as const) {
    it(`is cleared by ${what}: ten are free again`, async () => {
      for (let guess = 0; guess < 9; guess += 1) await refusalOf(login(WRONG));
      await prove();
      expect(await failures()).to.equal(undefined);
      for (let guess = 0; guess < 10; guess += 1) {
        expect(await refusalOf(login(WRONG))).to.be.instanceOf(InvalidCredentials);
      }
      expect(await refusalOf(login(WRONG))).to.be.instanceOf(RateLimited);
    });
  }

  it('is cleared by a passkey that completes a sign-in', async () => {
    const { device } = await registerPasskey(here, person.actor, 'telephone');
    for (let guess = 0; guess < 9; guess += 1) await refusalOf(login(WRONG));
    const options = await here.app.access.beginPasskeyAuthentication.execute({ challengeId });
    const response = device.get(options);
    await here.app.access.signInWithPasskey.execute({ response, client: NO_CLIENT });
    expect(await failures()).to.equal(undefined);
  });

  it('does not end sessions that live', async () => {
    for (let guess = 0; guess < 12; guess += 1) await refusalOf(ways()[guess % ways().length]!());
    expect(await here.whoIs(person.tokens)).not.to.equal(null);
    const { refreshToken } = person.tokens;
    expect(await here.app.access.refreshToken.execute({ refreshToken })).to.include({ expiresIn: 600 });
  });
});
