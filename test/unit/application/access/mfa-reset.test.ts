import { expect } from 'chai';
import {
  Forbidden,
  MfaResetPending,
  PasskeyRefused,
  ReasonRejected,
  StepUpRequired,
  TokenInvalid,
  Unauthenticated,
  Unavailable,
} from '../../../../src/domain/access/errors.ts';
import { UserConflict } from '../../../../src/domain/identity/errors.ts';
import { compose } from '../../../../src/main/compose.ts';
import { ANONYMOUS, anEnrollingActor, NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import type { TestPasskey } from '../../../support/memory/test-passkey.ts';
import { enrolTotp } from '../../../support/enrol-totp.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { registerPasskey } from '../../../support/register-passkey.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const EMAIL = 'person@example.org';
const REASON = 'lost his telephone, known to the desk';
const DAY = 86_400;

/** Sessions that outlive the day that a reset waits. */
const LONG = { idleSeconds: 10 * DAY, maxSeconds: 10 * DAY };

describe('A reset of second factors', () => {
  let here: World;
  let person: Member;
  let admin: Member;
  let device: TestPasskey;

  beforeEach(async () => {
    here = world({ settings: { sessionLifetimes: { patient: LONG, staff: LONG } } });
    admin = await here.member('admin');
    person = await here.patient({ email: EMAIL });
    await enrolTotp(here, person.actor);
    ({ device } = await registerPasskey(here, person.actor, 'telephone'));
    await here.deliver();
  });

  /** Somebody who has proven just now who he is. */
  const fresh = ({ actor } = admin) => ({ ...actor, authTime: here.clock.now() });
  const request = (reason = REASON, member = admin) =>
    here.app.access.requestMfaReset.execute({ actor: fresh(member), userId: person.user.id, reason });
  const cancel = (token: string) => here.app.access.cancelMfaReset.execute({ token });
  const complete = (outboxId: string | null = null, app = here.app) =>
    app.access.completeMfaResets.execute({ tenantId: person.user.tenantId, outboxId });
  const timers = async () => (await here.rows('outboxEntries')).filter(({ topic }) => topic === 'mfa-reset');
  const requested = async () => {
    await request();
    return here.mailTo(EMAIL, 'mfa-reset-requested');
  };
  const login = () => here.app.access.login.execute({ email: EMAIL, password: PASSWORD, client: NO_CLIENT });
  const factorsLeft = async () =>
    (await here.rows('totpSecrets')).length +
    (await here.rows('passkeys')).length +
    (await here.rows('recoveryCodes')).length;
  const sent = async () => (await here.deliver()).map(({ to, content }) => `${content.kind} ${to}`);

  describe('that an admin asks for', () => {
    it('waits for a day, of which the owner is told at once', async () => {
      const dueAt = new Date(here.clock.now().getTime() + DAY * 1000);
      expect(await request()).to.deep.include({
        userId: person.user.id,
        requestedBy: admin.user.id,
        requestedAt: here.clock.now(),
        dueAt,
      });
      const { token, dueAt: told } = await here.mailTo(EMAIL, 'mfa-reset-requested');
      expect(token).to.match(/^[A-Za-z0-9_-]{43}$/);
      expect(told).to.equal(dueAt.toISOString());
      expect(await factorsLeft()).to.equal(12);
      expect(await here.whoIs(person.tokens)).not.to.equal(null);
    });

    it('keeps the reason sealed, and out of the trail and the mail', async () => {
      await request();
      const [mail] = await here.deliver();
      const [row] = await here.rows('mfaResets');
      expect(Buffer.from(row?.reason.bytes ?? []).includes('telephone')).to.equal(false);
      expect(JSON.stringify([await here.audited(), mail])).not.to.contain('known to the desk');
      expect((await here.audited('access.mfa-reset-requested'))[0]).to.deep.include({
        actor: { kind: 'user', id: admin.user.id },
        subject: { type: 'user', id: person.user.id },
        details: { reset: row?.reset.id ?? null },
      });
    });

    it('is refused without a reason', async () => {
      for (const reason of ['', ' \n ', 'x'.repeat(1001), 'a\0b', '\ud83d']) {
        expect(await refusalOf(request(reason))).to.be.instanceOf(ReasonRejected);
      }
      expect(await here.rows('mfaResets')).to.deep.equal([]);
    });

    it('is one at a time, of twenty at once', async () => {
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => request()));
      expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(await refusalOf(request())).to.be.instanceOf(MfaResetPending);
      expect(await sent()).to.deep.equal([`mfa-reset-requested ${EMAIL}`]);
    });

    it('is for accounts of his own tenant', async () => {
      const clinic = await here.tenant();
      expect(await request(REASON, await here.member('admin', { tenant: clinic }))).to.equal(null);
      expect(await here.rows('mfaResets')).to.deep.equal([]);
    });

    it('is for nobody else', async () => {
      for (const member of [person, await here.member('physician')]) {
        expect(await refusalOf(request(REASON, member))).to.be.instanceOf(Forbidden);
      }
      for (const actor of [ANONYMOUS, anEnrollingActor()]) {
        const act = here.app.access.requestMfaReset.execute({
          actor,
          userId: person.user.id,
          reason: REASON,
        });
        expect(await refusalOf(act)).to.be.instanceOf(Unauthenticated);
      }
    });

    it('needs a proof of the last five minutes of who the admin is', async () => {
      const { actor } = admin;
      const command = { actor, userId: person.user.id, reason: REASON };
      here.clock.advance(301);
      expect(await refusalOf(here.app.access.requestMfaReset.execute(command))).to.be.instanceOf(
        StepUpRequired,
      );
      await request();
    });

    it('leaves nothing behind where it cannot be audited', async () => {
      const command = { actor: admin.actor, userId: person.user.id, reason: REASON };
      const before = await here.rows('outboxEntries');
      const fault = await faultOf(here.unauditedApp.access.requestMfaReset.execute(command));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      expect(await here.rows('mfaResets')).to.deep.equal([]);
      expect(await here.rows('outboxEntries')).to.deep.equal(before);
    });
  });

  describe('once the day is over', () => {
    it('takes every factor away and ends every session, of which the owner is told', async () => {
      await requested();
      here.clock.advance(DAY - 0.001);
      expect(await complete()).to.equal(0);
      await here.deliver();
      expect(await factorsLeft()).to.equal(12);
      here.clock.advance(0.001);
      expect(await sent()).to.deep.equal([`mfa-reset-completed ${EMAIL}`]);
      expect(await here.rows('oneTimeTokens')).to.deep.equal([]);
      expect(await factorsLeft()).to.equal(0);
      const ended = (await here.rows('sessions')).filter(({ userId }) => userId === person.user.id);
      expect(ended.map(({ endReason }) => endReason)).to.deep.equal(['factors-reset']);
      expect(await here.whoIs(person.tokens)).to.equal(null);
      expect((await login()).kind).to.equal('signed-in');
      expect((await here.audited('access.mfa-reset-completed'))[0]).to.deep.include({
        actor: { kind: 'system' },
        subject: { type: 'user', id: person.user.id },
      });
    });

    it('happens once, whichever of several workers is first', async () => {
      await request();
      here.clock.advance(DAY);
      const counts = await Promise.all([complete(), complete(), complete()]);
      expect(counts.reduce((sum, count) => sum + count)).to.equal(1);
      expect(await here.audited('access.mfa-reset-completed')).to.have.length(1);
      expect(await complete()).to.equal(0);
    });

    it('waits for the very moment where the queue, which has a clock of its own, is early', async () => {
      await request();
      const [timer] = await timers();
      here.clock.advance(DAY - 0.2);
      expect(await refusalOf(complete(timer!.id))).to.be.instanceOf(Unavailable);
      expect((await timers())[0]).to.include({ outcome: null });
      here.clock.advance(0.2);
      expect(await complete(timer!.id)).to.equal(1);
      expect((await timers())[0]).to.include({ outcome: 'done' });
    });

    it('is set going by whoever asks for another one, where its timer was lost', async () => {
      await request();
      const [timer] = await timers();
      const { outbox } = here.adapters.unitOfWork.stores(person.user.tenantId);
      await outbox.settle(timer!.id, 'given-up', here.clock.now());
      here.clock.advance(DAY - 0.001);
      expect(await refusalOf(request())).to.be.instanceOf(MfaResetPending);
      expect(await timers()).to.have.length(1);
      here.clock.advance(0.001);
      await here.deliver();
      expect(await factorsLeft()).to.equal(12);
      expect(await refusalOf(request())).to.be.instanceOf(MfaResetPending);
      expect(await sent()).to.deep.equal([`mfa-reset-completed ${EMAIL}`]);
      expect(await factorsLeft()).to.equal(0);
      await request();
    });

    it('leaves alone what is overdue of somebody else, where a reset is asked for', async () => {
      await request();
      here.clock.advance(DAY);
      const { user } = await here.patient();
      const command = { actor: fresh(), userId: user.id, reason: REASON };
      expect(await here.app.access.requestMfaReset.execute(command)).to.deep.include({ userId: user.id });
      expect(await timers()).to.have.length(2);
    });

    it('withdraws a change of the address that was begun', async () => {
      await request();
      here.clock.advance(DAY - 1);
      const actor = { ...person.actor, authTime: here.clock.now() };
      await here.app.identity.changeEmail.execute({ actor, email: 'new@example.org' });
      const { token } = await here.mailTo('new@example.org', 'confirm-email-change');
      here.clock.advance(1);
      expect(await complete()).to.equal(1);
      expect(await refusalOf(here.app.identity.verifyEmail.execute({ token }))).to.be.instanceOf(
        TokenInvalid,
      );
    });

    it('overtakes a sign-in with one of the factors that is under way', async () => {
      await request();
      here.clock.advance(DAY);
      const { tokenSigner } = here.adapters;
      const overtaken = compose({
        ...here.adapters,
        tokenSigner: {
          sign: async (claims, now) => {
            await complete();
            return tokenSigner.sign(claims, now);
          },
        },
      });
      const options = await here.app.access.beginPasskeyAuthentication.execute({});
      const command = { response: device.get(options), client: NO_CLIENT };
      const refusal = await refusalOf(overtaken.access.signInWithPasskey.execute(command));
      expect(refusal).to.be.instanceOf(PasskeyRefused);
      const theirs = (await here.rows('sessions')).filter(({ userId }) => userId === person.user.id);
      expect(theirs.map(({ endReason }) => endReason)).to.deep.equal(['factors-reset']);
    });

    it('waits on, and is tried again, where the account is changed at that very moment', async () => {
      await request();
      here.clock.advance(DAY);
      const { textCipher } = here.adapters;
      const busy = compose({
        ...here.adapters,
        textCipher: {
          open: (place, sealed) => textCipher.open(place, sealed),
          seal: async (place, text) => {
            await here.app.identity.updateProfile.execute({ actor: person.actor, language: 'he' });
            return textCipher.seal(place, text);
          },
        },
      });
      expect(await refusalOf(complete(null, busy))).to.be.instanceOf(UserConflict);
      expect(await factorsLeft()).to.equal(12);
      expect(await complete()).to.equal(1);
    });

    it('has the owner of a tenant that demands one enrol anew', async () => {
      const clinic = await here.tenant();
      const member = await here.patient({ email: EMAIL, tenant: clinic });
      await enrolTotp(here, member.actor);
      const changes = { mfaRequired: true };
      await here.app.tenancy.updateTenant.execute({ actor: admin.actor, tenantId: clinic.id, changes });
      const actor = { kind: 'system', tenantId: clinic.id } as const;
      await here.app.access.requestMfaReset.execute({ actor, userId: member.user.id, reason: REASON });
      here.clock.advance(DAY);
      await here.deliver();
      const attempt = { email: EMAIL, password: PASSWORD, tenant: clinic.slug, client: NO_CLIENT };
      const outcome = await here.app.access.login.execute(attempt);
      expect(outcome.kind).to.equal('second-factor-enrolment-required');
      expect(await factorsLeft()).to.equal(12);
    });

    it('leaves the factors, and tries again, where it cannot be audited', async () => {
      await request();
      here.clock.advance(DAY);
      const command = { tenantId: person.user.tenantId, outboxId: null };
      const fault = await faultOf(here.unauditedApp.access.completeMfaResets.execute(command));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      expect(await factorsLeft()).to.equal(12);
      expect(await complete()).to.equal(1);
    });
  });

  describe('that the owner stops', () => {
    it('does not happen, and he is told', async () => {
      const { token } = await requested();
      await cancel(token);
      expect(await sent()).to.deep.equal([`mfa-reset-cancelled ${EMAIL}`]);
      expect((await here.audited('access.mfa-reset-cancelled'))[0]).to.deep.include({
        actor: { kind: 'anonymous' },
        subject: { type: 'user', id: person.user.id },
      });
      here.clock.advance(DAY);
      expect(await complete()).to.equal(0);
      expect(await sent()).to.deep.equal([]);
      expect(await factorsLeft()).to.equal(12);
      const [session] = (await here.rows('sessions')).filter(({ userId }) => userId === person.user.id);
      expect(session?.endedAt).to.equal(null);
    });

    it('can be asked for again, which takes another day', async () => {
      await cancel((await requested()).token);
      here.clock.advance(DAY / 2);
      await request();
      here.clock.advance(DAY / 2);
      await here.deliver();
      expect(await factorsLeft()).to.equal(12);
      here.clock.advance(DAY / 2);
      await here.deliver();
      expect(await factorsLeft()).to.equal(0);
    });

    it('is stopped once, of twenty at once, and not after it has happened', async () => {
      const { token } = await requested();
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => cancel(token)));
      expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const { token: late } = await requested();
      here.clock.advance(DAY);
      await complete();
      expect(await refusalOf(cancel(late))).to.be.instanceOf(TokenInvalid);
    });

    it('ends in one of both where the day is over at that very moment', async () => {
      const { token } = await requested();
      here.clock.advance(DAY);
      const [stopped, completed] = await Promise.allSettled([cancel(token), complete()]);
      const count = completed.status === 'fulfilled' ? completed.value : -1;
      expect(count).to.equal(stopped.status === 'fulfilled' ? 0 : 1);
      expect(await factorsLeft()).to.equal(count === 1 ? 0 : 12);
    });

    it('can be stopped for as long as it waits, by a disabled account’s owner too', async () => {
      const { token } = await requested();
      const changes = { isActive: false };
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes });
      here.clock.advance(DAY - 1);
      await cancel(token);
      here.clock.advance(1);
      expect(await complete()).to.equal(0);
    });

    it('can be stopped also when it should have happened long ago', async () => {
      const { token } = await requested();
      here.clock.advance(60 * DAY);
      await cancel(token);
      expect(await complete()).to.equal(0);
    });

    it('can be stopped by the link in the former mailbox, when the account has another address by now', async () => {
      const { token } = await requested();
      await here.app.identity.changeEmail.execute({ actor: person.actor, email: 'new@example.org' });
      const change = await here.mailTo('new@example.org', 'confirm-email-change');
      await here.app.identity.verifyEmail.execute({ token: change.token });
      await cancel(token);
      here.clock.advance(DAY);
      expect(await complete()).to.equal(0);
    });

    it('takes no other link for it, nor this one for another', async () => {
      const { token } = await requested();
      await here.app.identity.requestPasswordReset.execute({ email: EMAIL });
      const { token: reset } = await here.mailTo(EMAIL, 'reset-password');
      expect(await refusalOf(cancel(reset))).to.be.instanceOf(TokenInvalid);
      const { identity, access } = here.app;
      for (const act of [
        identity.resetPassword.execute({ token, newPassword: 'a quite different one' }),
        identity.verifyEmail.execute({ token }),
        access.unlockAccount.execute({ token }),
      ]) {
        expect(await refusalOf(act)).to.be.instanceOf(TokenInvalid);
      }
      await cancel(token);
    });

    it('goes on where stopping it cannot be audited', async () => {
      const { token } = await requested();
      const fault = await faultOf(here.unauditedApp.access.cancelMfaReset.execute({ token }));
      expect(fault).to.have.property('message', AUDIT_FAULT);
      await cancel(token);
    });
  });
});
