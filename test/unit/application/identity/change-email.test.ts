import { expect } from 'chai';
import { StepUpRequired, TokenInvalid, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { EmailRejected, EmailTaken } from '../../../../src/domain/identity/errors.ts';
import { ANONYMOUS, anEnrollingActor, aUserActor, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const OLD = 'old@example.org';
const NEW = 'new@example.org';
const DAY = 86_400;

describe('A change of address', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: OLD });
    here.clock.advance(1);
  });

  const change = (
    email = NEW,
    actor: Parameters<typeof here.app.identity.changeEmail.execute>[0]['actor'] = person.actor,
  ) => here.app.identity.changeEmail.execute({ actor, email });
  const verify = (token: string) => here.app.identity.verifyEmail.execute({ token });
  const tokenFor = async (email = NEW) => {
    await change(email);
    return (await here.mailTo(email, 'confirm-email-change')).token;
  };
  const user = async () => (await here.rows('users')).find(({ id }) => id === person.user.id)!;
  const sent = async () => (await here.deliver()).map(({ to, content }) => `${content.kind} ${to}`);

  it('asks the new address and tells the old one, in the language of the account; nothing changes yet', async () => {
    await here.app.identity.updateProfile.execute({ actor: person.actor, language: 'he' });
    const before = await user();
    await change(' New@Example.org ');
    const mails = await here.deliver();
    expect(mails.map(({ to, language }) => [to, language])).to.deep.equal([
      [NEW, 'he'],
      [OLD, 'he'],
    ]);
    expect(mails.map(({ content }) => content.kind)).to.deep.equal([
      'confirm-email-change',
      'email-change-requested',
    ]);
    expect(await user()).to.deep.equal(before);
    expect(await here.audited('identity.email-change-requested')).to.have.length(1);
    expect(JSON.stringify(await here.audited())).not.to.contain(NEW);
  });

  it('happens once the new address is confirmed, and the old one is told', async () => {
    const token = await tokenFor();
    here.clock.advance(5);
    await verify(token);
    expect(await user()).to.deep.include({ email: NEW, emailVerifiedAt: here.clock.now(), version: 2 });
    expect(await sent()).to.deep.equal([`email-changed ${OLD}`]);
    expect(await here.audited('identity.email-changed')).to.have.length(1);
    expect((await here.signIn({ email: NEW })).user.id).to.equal(person.user.id);
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    expect(await refusalOf(verify(token))).to.be.instanceOf(TokenInvalid);
  });

  it('happens once for one link, of twenty at once', async () => {
    const token = await tokenFor();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => verify(token)));
    expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await here.audited('identity.email-changed')).to.have.length(1);
  });

  it('waits a day and not a moment longer', async () => {
    const token = await tokenFor();
    here.clock.advance(DAY);
    expect(await refusalOf(verify(token))).to.be.instanceOf(TokenInvalid);
    here.clock.advance(-0.001);
    await verify(token);
  });

  it('goes to the address that was asked last', async () => {
    const former = await tokenFor();
    const latest = await tokenFor('newer@example.org');
    expect(await refusalOf(verify(former))).to.be.instanceOf(TokenInvalid);
    await verify(latest);
    expect((await user()).email).to.equal('newer@example.org');
  });

  it('makes links worthless that were mailed to the former address', async () => {
    await here.app.identity.requestPasswordReset.execute({ email: OLD });
    const { token: reset } = await here.mailTo(OLD, 'reset-password');
    await here.app.identity.resendVerification.execute({ email: OLD });
    const { token: verification } = await here.mailTo(OLD, 'verify-email');
    for (let time = 0; time < 10; time += 1) {
      await refusalOf(here.signIn({ email: OLD, password: 'wrong one' }));
    }
    const { token: unlock } = await here.mailTo(OLD, 'account-locked');
    await verify(await tokenFor());
    const resetting = here.app.identity.resetPassword.execute({ token: reset, newPassword: PASSWORD });
    expect(await refusalOf(resetting)).to.be.instanceOf(TokenInvalid);
    expect(await refusalOf(verify(verification))).to.be.instanceOf(TokenInvalid);
    const unlocking = here.app.access.unlockAccount.execute({ token: unlock });
    expect(await refusalOf(unlocking)).to.be.instanceOf(TokenInvalid);
    expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
  });

  it('does not tell whether the new address has an account: its owner is told, and nobody is asked', async () => {
    const owner = await here.patient({ email: NEW });
    const mine = await tokenFor('mine@example.org');
    await here.deliver();
    await change();
    expect(await sent()).to.deep.equal([`already-registered ${NEW}`, `email-change-requested ${OLD}`]);
    // What was asked before is over as well, as it would be for a free address.
    expect(await refusalOf(verify(mine))).to.be.instanceOf(TokenInvalid);
    expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
    expect((await here.signIn({ email: NEW })).user.id).to.equal(owner.user.id);
  });

  it('tells nobody of a disabled account that has the address', async () => {
    const owner = await here.patient({ email: NEW });
    const changes = { isActive: false };
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: owner.user.id, changes });
    await change();
    expect(await sent()).to.deep.equal([`email-change-requested ${OLD}`]);
    expect(await here.rows('outboxEntries')).to.have.length(2);
  });

  it('is refused where another account got the address before it was confirmed, and the link is not spent', async () => {
    const token = await tokenFor();
    await here.patient({ email: NEW });
    expect(await refusalOf(verify(token))).to.be.instanceOf(EmailTaken);
    expect((await user()).email).to.equal(OLD);
    expect(await here.rows('oneTimeTokens')).to.have.length(1);
  });

  it('takes an address that has an account in another tenant only', async () => {
    const clinic = await here.tenant();
    await here.patient({ email: NEW, tenant: clinic });
    await verify(await tokenFor());
    expect((await user()).email).to.equal(NEW);
  });

  it('does nothing for the address that the account has', async () => {
    await change(OLD.toUpperCase());
    expect(await here.rows('outboxEntries')).to.deep.equal([]);
  });

  it('refuses what is no address', async () => {
    expect(await refusalOf(change('nowhere'))).to.be.instanceOf(EmailRejected);
  });

  it('needs a proof of the last five minutes', async () => {
    here.clock.advance(299);
    await change();
    here.clock.advance(0.001);
    expect(await refusalOf(change())).to.be.instanceOf(StepUpRequired);
  });

  it('needs a session of two factors where the account has a second one', async () => {
    const other = await here.signIn({ email: OLD });
    await enrolTotp(here, person.actor);
    expect(await refusalOf(change(NEW, other.actor))).to.be.instanceOf(StepUpRequired);
    await change();
  });

  it('is withdrawn by a change of the password, and with the account’s sessions where it is disabled', async () => {
    const first = await tokenFor();
    const { actor } = person;
    const next = { currentPassword: PASSWORD, newPassword: 'a quite different one' };
    await here.app.identity.changePassword.execute({ actor, ...next });
    expect(await refusalOf(verify(first))).to.be.instanceOf(TokenInvalid);

    const second = await tokenFor();
    for (const isActive of [false, true]) {
      const command = { actor: SYSTEM, userId: person.user.id, changes: { isActive } };
      await here.app.identity.updateUser.execute(command);
    }
    expect(await refusalOf(verify(second))).to.be.instanceOf(TokenInvalid);
    expect((await user()).email).to.equal(OLD);
  });

  it('is withdrawn with the sessions that its owner or an admin ends', async () => {
    const owner = await here.signIn({ email: OLD });
    const first = await tokenFor();
    await here.app.access.revokeOtherSessions.execute({ actor: owner.actor });
    expect(await refusalOf(verify(first))).to.be.instanceOf(TokenInvalid);

    await change('other@example.org', owner.actor);
    const { token } = await here.mailTo('other@example.org', 'confirm-email-change');
    await here.app.access.revokeUserSessions.execute({ actor: SYSTEM, userId: person.user.id });
    expect(await refusalOf(verify(token))).to.be.instanceOf(TokenInvalid);
  });

  it('is for a person who is signed in', async () => {
    for (const actor of [ANONYMOUS, SYSTEM, anEnrollingActor(), aUserActor('patient')]) {
      expect(await refusalOf(change(NEW, actor))).to.be.instanceOf(Unauthenticated);
    }
  });

  it('is neither asked for nor done where it cannot be audited', async () => {
    const { identity } = here.unauditedApp;
    const asked = identity.changeEmail.execute({ actor: person.actor, email: NEW });
    expect(await faultOf(asked)).to.have.property('message', AUDIT_FAULT);
    expect(await here.rows('outboxEntries')).to.deep.equal([]);
    const token = await tokenFor();
    expect(await faultOf(identity.verifyEmail.execute({ token }))).to.have.property('message', AUDIT_FAULT);
    expect((await user()).email).to.equal(OLD);
    await verify(token);
  });
});
