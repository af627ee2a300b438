import { expect } from 'chai';
import {
  InvalidCredentials,
  RateLimited,
  SecondFactorInvalid,
  TokenInvalid,
} from '../../../../src/domain/access/errors.ts';
import { PasswordRejected } from '../../../../src/domain/identity/errors.ts';
import { NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const NEXT = 'a quite different one';
const HOUR = 3600;

describe('A reset of a forgotten password', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
    here.clock.advance(1);
  });

  const request = (email = EMAIL, tenant?: string) =>
    here.app.identity.requestPasswordReset.execute({ email, tenant });
  const reset = (token: string, newPassword = NEXT) =>
    here.app.identity.resetPassword.execute({ token, newPassword });
  const tokenFor = async (email = EMAIL) => {
    await request(email);
    return (await here.mailTo(email, 'reset-password')).token;
  };
  const login = (password: string) =>
    here.app.access.login.execute({ email: EMAIL, password, client: NO_CLIENT });
  const user = async () => (await here.rows('users')).find(({ id }) => id === person.user.id)!;

  describe('that is asked for', () => {
    it('brings the owner a link, in his language', async () => {
      await here.app.identity.updateProfile.execute({ actor: person.actor, language: 'ar' });
      await request(' PERSON@example.org ');
      const [mail, ...others] = await here.deliver();
      expect(others).to.deep.equal([]);
      expect(mail).to.deep.include({ to: EMAIL, language: 'ar' });
      expect(mail?.content.kind).to.equal('reset-password');
      expect((await here.audited('identity.password-reset-requested'))[0]).to.deep.include({
        actor: { kind: 'anonymous' },
        subject: { type: 'user', id: person.user.id },
      });
    });

    it('leaves as much behind for every address, and a mail for nobody but owners', async () => {
      const { user: disabled } = await here.member('physician');
      const changes = { isActive: false };
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: disabled.id, changes });
      for (const [email, tenant] of [
        [disabled.email, undefined],
        ['nobody@example.org', undefined],
        [EMAIL, 'nowhere'],
        ['no address at all', undefined],
      ] as const) {
        const [mails, acts] = [await here.rows('outboxEntries'), await here.audited()];
        await request(email, tenant);
        expect((await here.rows('outboxEntries')).length - mails.length).to.equal(1);
        expect((await here.audited()).length - acts.length).to.equal(1);
        expect(await here.deliver()).to.deep.equal([]);
      }
      expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
    });

    it('changes nothing yet', async () => {
      await request();
      expect(await user()).to.deep.equal(person.user);
      expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
      expect((await login(PASSWORD)).kind).to.equal('signed-in');
    });
  });

  it('sets the new password, confirms the address and ends every session', async () => {
    const other = await here.signIn({ email: EMAIL });
    const neighbour = await here.patient();
    await reset(await tokenFor());
    expect(await user()).to.deep.include({ emailVerifiedAt: here.clock.now(), updatedAt: here.clock.now() });
    for (const { tokens } of [person, other]) expect(await here.whoIs(tokens)).to.equal(null);
    expect(await here.whoIs(neighbour.tokens)).to.deep.equal(neighbour.actor);
    const reasons = (await here.rows('sessions')).map(({ endReason }) => endReason);
    expect(reasons).to.deep.equal(['password-reset', 'password-reset', null]);
    expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(InvalidCredentials);
    expect((await login(NEXT)).kind).to.equal('signed-in');
  });

  it('tells the owner and the trail', async () => {
    await reset(await tokenFor());
    expect(await here.mailTo(EMAIL, 'password-changed')).to.deep.equal({ kind: 'password-changed' });
    expect(await here.audited('identity.password-reset')).to.have.length(1);
  });

  it('happens once for one link, of twenty at once', async () => {
    const token = await tokenFor();
    const passwords = Array.from({ length: 20 }, (_, index) => `${NEXT} ${String(index)}`);
    const all = await Promise.allSettled(passwords.map((password) => reset(token, password)));
    const kept = all.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(kept).to.have.length(1);
    for (const outcome of all) {
      if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(TokenInvalid);
    }
    expect((await login(passwords[kept[0]!]!)).kind).to.equal('signed-in');
    expect(await refusalOf(reset(token))).to.be.instanceOf(TokenInvalid);
  });

  it('counts for an hour and not a moment longer', async () => {
    const token = await tokenFor();
    here.clock.advance(HOUR);
    expect(await refusalOf(reset(token))).to.be.instanceOf(TokenInvalid);
    here.clock.advance(-0.001);
    await reset(token);
  });

  it('takes the latest link only', async () => {
    const former = await tokenFor();
    const latest = await tokenFor();
    expect(await refusalOf(reset(former))).to.be.instanceOf(TokenInvalid);
    await reset(latest);
  });

  it('does not spend the link for a password that is refused', async () => {
    const token = await tokenFor();
    for (const [reason, password] of [
      ['too-short', 'x7kqp2m'],
      ['common', 'password1'],
      ['context', 'person@example.org'],
      ['ill-formed', 'pass\0word'],
    ] as const) {
      const refusal = await refusalOf(reset(token, password));
      expect(refusal).to.be.instanceOf(PasswordRejected).with.property('reason', reason);
    }
    await reset(token);
  });

  it('judges no password for somebody without a link', async () => {
    expect(await refusalOf(reset('x'.repeat(43), 'short'))).to.be.instanceOf(TokenInvalid);
  });

  it('asks for fewer characters where there is a second factor', async () => {
    here = world({ settings: { passwordMinLength: { alone: 15, withSecondFactor: 8 } } });
    person = await here.patient({ email: EMAIL });
    const short = 'x7kqp2mz';
    expect(await refusalOf(reset(await tokenFor(), short))).to.have.property('reason', 'too-short');
    await enrolTotp(here, person.actor);
    await reset(await tokenFor(), short);
  });

  it('leaves second factors: the new password alone lets nobody in', async () => {
    await enrolTotp(here, person.actor);
    await reset(await tokenFor());
    expect((await login(NEXT)).kind).to.equal('second-factor-required');
  });

  it('ends a sign-in that waits for its second factor', async () => {
    const { code } = await enrolTotp(here, person.actor);
    const { challengeId } = ofKind(await login(PASSWORD), 'second-factor-required');
    await reset(await tokenFor());
    const answer = { challengeId, answer: { code: code() }, client: NO_CLIENT };
    expect(await refusalOf(here.app.access.answerChallenge.execute(answer))).to.be.instanceOf(
      SecondFactorInvalid,
    );
  });

  it('lifts a lock', async () => {
    for (let time = 0; time < 10; time += 1) await refusalOf(login('not the password'));
    expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
    await reset(await tokenFor());
    expect((await login(NEXT)).kind).to.equal('signed-in');
  });

  it('brings no free guesses at a second factor: of the lock it lifts, the failures stay counted', async () => {
    const { code, wrongCode } = await enrolTotp(here, person.actor);
    for (let time = 0; time < 10; time += 1) await refusalOf(login('not the password'));
    const guess = async (given: string) => {
      const { challengeId } = ofKind(await login(NEXT), 'second-factor-required');
      const answer = { challengeId, answer: { code: given }, client: NO_CLIENT };
      return here.app.access.answerChallenge.execute(answer);
    };
    for (const seconds of [2, 4, 8]) {
      await reset(await tokenFor());
      expect(await refusalOf(guess(wrongCode()))).to.be.instanceOf(SecondFactorInvalid);
      const locked = await refusalOf(login(NEXT));
      expect(locked).to.be.instanceOf(RateLimited).with.property('retryAfterSeconds', seconds);
    }
    await reset(await tokenFor());
    expect((await guess(code())).kind).to.equal('signed-in');
    expect(await here.rows('failureCounters')).to.deep.equal([]);
  });

  it('undoes what somebody with the former password has begun: a change of address, an enrolment', async () => {
    const clinic = await here.tenant({ mfaRequired: true });
    await here.app.identity.changeEmail.execute({ actor: person.actor, email: 'thief@example.org' });
    const { token: toThief } = await here.mailTo('thief@example.org', 'confirm-email-change');
    await reset(await tokenFor());
    const confirmed = here.app.identity.verifyEmail.execute({ token: toThief });
    expect(await refusalOf(confirmed)).to.be.instanceOf(TokenInvalid);

    const attempt = {
      email: 'member@example.org',
      password: PASSWORD,
      tenant: clinic.slug,
      client: NO_CLIENT,
    };
    await here.app.identity.registerUser.execute(attempt);
    const stolen = ofKind(await here.app.access.login.execute(attempt), 'second-factor-enrolment-required');
    await request('member@example.org', clinic.slug);
    await reset((await here.mailTo('member@example.org', 'reset-password')).token);
    const { enrolmentToken: token } = stolen;
    expect(await here.app.access.authenticateEnrolment.execute({ token })).to.equal(null);
  });

  it('does nothing for an account that was disabled meanwhile', async () => {
    const token = await tokenFor();
    const changes = { isActive: false };
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });
    expect(await refusalOf(reset(token))).to.be.instanceOf(TokenInvalid);
  });

  it('is for the account of the tenant that was named', async () => {
    const clinic = await here.tenant();
    const there = await here.patient({ email: EMAIL, tenant: clinic });
    await request(EMAIL, clinic.slug);
    await reset((await here.mailTo(EMAIL, 'reset-password')).token);
    expect(await here.whoIs(there.tokens)).to.equal(null);
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    expect((await login(PASSWORD)).kind).to.equal('signed-in');
  });

  it('keeps token, password and sessions where it cannot be audited', async () => {
    const token = await tokenFor();
    const act = here.unauditedApp.identity.resetPassword.execute({ token, newPassword: NEXT });
    expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
    expect(await user()).to.deep.equal(person.user);
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    await reset(token);
  });
});
