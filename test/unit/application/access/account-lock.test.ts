import { expect } from 'chai';
import {
  Forbidden,
  RateLimited,
  TokenInvalid,
  Unauthenticated,
  Unavailable,
} from '../../../../src/domain/access/errors.ts';
import { compose } from '../../../../src/main/compose.ts';
import {
  ANONYMOUS,
  anEnrollingActor,
  NO_CLIENT,
  PASSWORD,
  SYSTEM,
  systemOf,
} from '../../../support/builders.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { ofKind } from '../../../support/of-kind.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { signedIn } from '../../../support/signed-in.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const HOUR = 3600;

describe('The lock of an account', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient({ email: EMAIL });
  });

  const login = (password: string, email = EMAIL, tenant?: string) =>
    here.app.access.login.execute({ email, password, tenant, client: NO_CLIENT });
  const fail = async (times: number, email = EMAIL, tenant?: string) => {
    for (let time = 0; time < times; time += 1) await refusalOf(login('not the password', email, tenant));
  };
  const unlock = (token: string) => here.app.access.unlockAccount.execute({ token });
  const lockMails = async () =>
    (await here.deliver()).filter(({ content }) => content.kind === 'account-locked').map(({ to }) => to);

  it('is told to its owner once, in his language, however long it goes on', async () => {
    await here.app.identity.updateProfile.execute({ actor: person.actor, language: 'he' });
    await fail(9);
    expect(await here.deliver()).to.deep.equal([]);
    await fail(1);
    const [mail, ...others] = await here.deliver();
    expect(others).to.deep.equal([]);
    expect(mail).to.deep.include({ to: EMAIL, language: 'he' });
    expect(mail?.content.kind).to.equal('account-locked');
    for (const seconds of [1, 2, 4, 8]) {
      here.clock.advance(seconds);
      await fail(2);
    }
    expect(await here.deliver()).to.deep.equal([]);
    expect((await here.audited('access.locked')).map(({ subject }) => subject?.id)).to.deep.equal([
      person.user.id,
    ]);
  });

  it('is told once for fifty guesses at once', async () => {
    await Promise.all(Array.from({ length: 50 }, () => refusalOf(login('not the password'))));
    expect(await lockMails()).to.deep.equal([EMAIL]);
  });

  it('is told whichever way the guesses came', async () => {
    const { wrongCode } = await enrolTotp(here, person.actor);
    for (let time = 0; time < 10; time += 1) {
      const proof = { code: wrongCode() };
      await refusalOf(here.app.access.stepUp.execute({ actor: person.actor, proof }));
    }
    expect(await lockMails()).to.deep.equal([EMAIL]);
  });

  it('is told again once the counter was cleared meanwhile', async () => {
    await fail(10);
    here.clock.advance(1);
    await login(PASSWORD);
    await fail(10);
    expect(await lockMails()).to.deep.equal([EMAIL, EMAIL]);
  });

  it('leaves as much behind for an address without an account, for a disabled one and for no tenant, and no mail', async () => {
    const { user: disabled } = await here.patient();
    const changes = { isActive: false };
    await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: disabled.id, changes });
    for (const [email, tenant] of [
      ['nobody@example.org', undefined],
      [disabled.email, undefined],
      [EMAIL, 'nowhere'],
    ] as const) {
      const [mails, acts] = [await here.rows('outboxEntries'), await here.audited()];
      await fail(10, email, tenant);
      expect((await here.rows('outboxEntries')).length - mails.length).to.equal(1);
      const added = (await here.audited()).slice(acts.length).map(({ action }) => action);
      expect(added).to.deep.equal([
        ...Array.from({ length: 10 }, () => 'access.sign-in-refused'),
        'access.locked',
      ]);
      expect(await here.deliver()).to.deep.equal([]);
    }
    expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
  });

  describe('ended by its owner with the link that he was mailed', () => {
    const tokenOf = async () => {
      await fail(10);
      return (await here.mailTo(EMAIL, 'account-locked')).token;
    };

    it('lets the right password in at once, with a line in the trail', async () => {
      const token = await tokenOf();
      expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
      await unlock(token);
      expect(signedIn(await login(PASSWORD)).user.id).to.equal(person.user.id);
      expect((await here.audited('access.unlocked'))[0]).to.deep.include({
        actor: { kind: 'anonymous' },
        subject: { type: 'user', id: person.user.id },
        details: { by: 'mail' },
      });
    });

    it('counts once, of twenty at once', async () => {
      const token = await tokenOf();
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => unlock(token)));
      expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await refusalOf(unlock(token))).to.be.instanceOf(TokenInvalid);
    });

    it('counts for an hour and not a moment longer, and only the latest one', async () => {
      const former = await tokenOf();
      here.clock.advance(1);
      await login(PASSWORD);
      const latest = await tokenOf();
      expect(await refusalOf(unlock(former))).to.be.instanceOf(TokenInvalid);
      here.clock.advance(HOUR);
      expect(await refusalOf(unlock(latest))).to.be.instanceOf(TokenInvalid);
      here.clock.advance(-0.001);
      await unlock(latest);
    });

    it('is good for nothing else', async () => {
      const token = await tokenOf();
      const { identity, access } = here.app;
      for (const act of [
        identity.resetPassword.execute({ token, newPassword: 'a quite different one' }),
        identity.verifyEmail.execute({ token }),
        access.cancelMfaReset.execute({ token }),
      ]) {
        expect(await refusalOf(act)).to.be.instanceOf(TokenInvalid);
      }
      expect(await access.authenticateEnrolment.execute({ token })).to.equal(null);
      await unlock(token);
    });

    it('is refused for an account that was disabled meanwhile', async () => {
      const token = await tokenOf();
      const changes = { isActive: false };
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });
      expect(await refusalOf(unlock(token))).to.be.instanceOf(TokenInvalid);
    });

    it('leaves the account of the same address in another tenant locked', async () => {
      const clinic = await here.tenant();
      await here.patient({ email: EMAIL, tenant: clinic });
      await fail(10, EMAIL, clinic.slug);
      await here.deliver();
      await unlock(await tokenOf());
      expect((await login(PASSWORD)).kind).to.equal('signed-in');
      expect(await refusalOf(login(PASSWORD, EMAIL, clinic.slug))).to.be.instanceOf(RateLimited);
    });

    it('is not spent where it cannot be audited', async () => {
      const token = await tokenOf();
      const fault = await faultOf(here.unauditedApp.access.unlockAccount.execute({ token }));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      await unlock(token);
    });

    it('is not spent where the counter is out of reach', async () => {
      const token = await tokenOf();
      const { failureCounters } = here.adapters;
      const fault = () => Promise.reject(new Unavailable());
      const broken = compose({
        ...here.adapters,
        failureCounters: {
          reserve: (key, now) => failureCounters.reserve(key, now),
          giveBack: (key) => failureCounters.giveBack(key),
          lift: fault,
          clear: fault,
        },
      });
      expect(await refusalOf(broken.access.unlockAccount.execute({ token }))).to.be.instanceOf(Unavailable);
      expect(await here.audited('access.unlocked')).to.deep.equal([]);
      expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
      await unlock(token);
      expect((await login(PASSWORD)).kind).to.equal('signed-in');
    });

    it('leaves the failures counted where there is a second factor: its owner gets in, who guesses on is locked for longer', async () => {
      const { code } = await enrolTotp(here, person.actor);
      await here.deliver();
      await unlock(await tokenOf());
      await fail(1);
      const refusal = await refusalOf(login(PASSWORD));
      expect(refusal).to.be.instanceOf(RateLimited).with.property('retryAfterSeconds', 2);
      expect(await lockMails()).to.deep.equal([]);
      here.clock.advance(2);
      const { challengeId } = ofKind(await login(PASSWORD), 'second-factor-required');
      const answer = { challengeId, answer: { code: code() }, client: NO_CLIENT };
      expect((await here.app.access.answerChallenge.execute(answer)).kind).to.equal('signed-in');
      expect(await here.rows('failureCounters')).to.deep.equal([]);
    });

    it('gives ten free attempts again where there is none', async () => {
      await unlock(await tokenOf());
      await fail(9);
      expect((await login(PASSWORD)).kind).to.equal('signed-in');
    });
  });

  describe('ended by an admin', () => {
    it('lets the right password in at once, with a line in the trail', async () => {
      const { actor } = await here.member('admin');
      await fail(10);
      expect(await here.app.access.unlockUser.execute({ actor, userId: person.user.id })).to.equal(true);
      expect((await login(PASSWORD)).kind).to.equal('signed-in');
      expect((await here.audited('access.unlocked'))[0]).to.deep.include({
        actor: { kind: 'user', id: actor.userId },
        details: { by: 'admin' },
      });
    });

    it('is harmless where there is no lock', async () => {
      const { actor } = await here.member('admin');
      expect(await here.app.access.unlockUser.execute({ actor, userId: person.user.id })).to.equal(true);
    });

    it('is for accounts of his own tenant', async () => {
      const clinic = await here.tenant();
      await fail(10);
      for (const actor of [(await here.member('admin', { tenant: clinic })).actor, systemOf(clinic.id)]) {
        expect(await here.app.access.unlockUser.execute({ actor, userId: person.user.id })).to.equal(false);
      }
      expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
    });

    it('is for nobody else', async () => {
      const { unlockUser } = here.app.access;
      const command = { userId: person.user.id };
      for (const { actor } of [person, await here.member('physician')]) {
        expect(await refusalOf(unlockUser.execute({ actor, ...command }))).to.be.instanceOf(Forbidden);
      }
      for (const actor of [ANONYMOUS, anEnrollingActor()]) {
        expect(await refusalOf(unlockUser.execute({ actor, ...command }))).to.be.instanceOf(Unauthenticated);
      }
    });

    it('does not happen where it cannot be audited', async () => {
      await fail(10);
      const command = { actor: SYSTEM, userId: person.user.id };
      const fault = await faultOf(here.unauditedApp.access.unlockUser.execute(command));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      expect(await refusalOf(login(PASSWORD))).to.be.instanceOf(RateLimited);
    });
  });
});
