import { expect } from 'chai';
import type { ChangePasswordCommand } from '../../../../src/application/identity/change-password.ts';
import { InvalidCredentials, RateLimited, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { PasswordRejected, UserConflict } from '../../../../src/domain/identity/errors.ts';
import { withLanguage } from '../../../../src/domain/identity/user.ts';
import { ANONYMOUS, aUserActor, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

const WRONG = 'not the password';
const NEXT = 'a quite different one';

describe('ChangePassword', () => {
  let here: World;
  let person: Member;

  beforeEach(async () => {
    here = world();
    person = await here.patient();
    here.clock.advance(1);
  });

  const commandOf = (given: Partial<ChangePasswordCommand> = {}): ChangePasswordCommand => ({
    actor: person.actor,
    currentPassword: PASSWORD,
    newPassword: NEXT,
    ...given,
  });
  const change = (given: Partial<ChangePasswordCommand> = {}) =>
    here.app.identity.changePassword.execute(commandOf(given));
  const stored = async () => (await here.rows('users')).find(({ id }) => id === person.user.id);
  const signIn = (password: string) => here.signIn({ email: person.user.email, password });

  it('lets the new password in, and the former one no more', async () => {
    await change();
    expect((await signIn(NEXT)).user.id).to.equal(person.user.id);
    expect(await refusalOf(signIn(PASSWORD))).to.be.instanceOf(InvalidCredentials);
  });

  it('ends the other sessions of the account, and keeps the one that it came with', async () => {
    const other = await signIn(PASSWORD);
    const neighbour = await here.patient();
    await change();
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    expect(await here.whoIs(other.tokens)).to.equal(null);
    expect(await here.whoIs(neighbour.tokens)).to.deep.equal(neighbour.actor);
    const ended = (await here.rows('sessions')).find(({ id }) => id === other.actor.sessionId);
    expect(ended).to.deep.include({ endReason: 'password-changed', endedAt: here.clock.now() });
  });

  it('tells the trail, without the password', async () => {
    await change();
    const entries = await here.audited('identity.password-changed');
    expect(entries).to.have.length(1);
    expect(entries[0]).to.deep.include({
      tenantId: person.user.tenantId,
      actor: { kind: 'user', id: person.user.id },
      subject: { type: 'user', id: person.user.id },
      at: here.clock.now(),
      details: {},
    });
  });

  it('keeps the new password in the form in which it is compared', async () => {
    await change({ newPassword: 'contrasen\u0303a de jose\u0301' });
    expect((await signIn('contrase\u00f1a de jos\u00e9')).user.id).to.equal(person.user.id);
    await change({ currentPassword: 'contrase\u00f1a de jos\u00e9' });
    expect((await signIn(NEXT)).user.id).to.equal(person.user.id);
  });

  describe('without the current password', () => {
    it('is refused, and nothing changes', async () => {
      const other = await signIn(PASSWORD);
      expect(await refusalOf(change({ currentPassword: WRONG }))).to.be.instanceOf(InvalidCredentials);
      expect(await stored()).to.deep.equal(person.user);
      expect(await here.whoIs(other.tokens)).to.deep.equal(other.actor);
      expect(await here.audited('identity.password-changed')).to.deep.equal([]);
      expect((await here.audited()).at(-1)).to.deep.include({
        action: 'identity.password-change-refused',
        subject: { type: 'user', id: person.user.id },
      });
    });

    it('is refused before the new password is judged', async () => {
      const refusal = await refusalOf(change({ currentPassword: WRONG, newPassword: 'short' }));
      expect(refusal).to.be.instanceOf(InvalidCredentials);
    });

    it('is refused with a text that cannot be a password, which is not even compared', async () => {
      for (const currentPassword of ['x'.repeat(1025), 'pass\0word', '\ud83d']) {
        expect(await refusalOf(change({ currentPassword }))).to.be.instanceOf(InvalidCredentials);
      }
      expect(await here.rows('failureCounters')).to.deep.equal([]);
    });

    it('counts with the failures of the account: ten in all, then a lock for both ways', async () => {
      for (let time = 0; time < 5; time += 1) {
        expect(await refusalOf(change({ currentPassword: WRONG }))).to.be.instanceOf(InvalidCredentials);
        expect(await refusalOf(signIn(WRONG))).to.be.instanceOf(InvalidCredentials);
      }
      for (const way of [change, () => signIn(PASSWORD)]) {
        const refusal = await refusalOf(way());
        expect(refusal).to.be.instanceOf(RateLimited).with.property('retryAfterSeconds', 1);
      }
      here.clock.advance(1);
      await change();
      expect((await signIn(NEXT)).user.id).to.equal(person.user.id);
    });

    it('counts with the failures of the account in its own tenant', async () => {
      const clinic = await here.tenant();
      person = await here.patient({ tenant: clinic, email: 'person@example.org' });
      for (let time = 0; time < 10; time += 1) await refusalOf(change({ currentPassword: WRONG }));
      const there = here.signIn({ tenant: clinic, email: 'person@example.org' });
      expect(await refusalOf(there)).to.be.instanceOf(RateLimited);
    });

    it('is forgotten after a success', async () => {
      for (let time = 0; time < 9; time += 1) await refusalOf(change({ currentPassword: WRONG }));
      await change();
      expect(await here.rows('failureCounters')).to.deep.equal([]);
    });
  });

  for (const [reason, newPassword] of [
    ['too-short', 'x7kqp2m'],
    ['too-long', 'x'.repeat(1025)],
    ['common', 'PASSWORD1'],
    ['context', 'casegate!'],
    ['ill-formed', 'pass\0word'],
  ] as const) {
    it(`refuses a new password that is ${reason}, and keeps the former one`, async () => {
      const refusal = await refusalOf(change({ newPassword }));
      expect(refusal).to.be.instanceOf(PasswordRejected).with.property('reason', reason);
      expect(await stored()).to.deep.equal(person.user);
    });
  }

  it('holds the new password against the policy of the tenant', async () => {
    const clinic = await here.tenant({ passwordPolicy: { minLength: 25 } });
    person = await here.patient({ tenant: clinic });
    expect(await refusalOf(change({ newPassword: 'x7kqp2mzx7kqp2mzx7kqp2mz' }))).to.have.property(
      'reason',
      'too-short',
    );
    await change({ newPassword: 'x7kqp2mzx7kqp2mzx7kqp2mzx' });
  });

  it('is refused as a conflict where the account is changed while the password is hashed', async () => {
    let whileHashing = () => Promise.resolve();
    const busy = world({
      replace: ({ passwordHasher }) => ({
        passwordHasher: {
          verify: (password, hash) => passwordHasher.verify(password, hash),
          accepts: (hash) => passwordHasher.accepts(hash),
          hash: async (password) => {
            await whileHashing();
            return passwordHasher.hash(password);
          },
        },
      }),
    });
    const { actor, user } = await busy.patient();
    const other = await busy.signIn({ email: user.email });
    whileHashing = () =>
      busy.adapters.unitOfWork.stores(user.tenantId).users.save(withLanguage(user, 'he', busy.clock.now()));
    expect(await refusalOf(busy.app.identity.changePassword.execute(commandOf({ actor })))).to.be.instanceOf(
      UserConflict,
    );
    whileHashing = () => Promise.resolve();
    expect(await busy.whoIs(other.tokens)).to.deep.equal(other.actor);
    expect(await busy.audited('identity.password-changed')).to.deep.equal([]);
    expect((await busy.signIn({ email: user.email })).user.language).to.equal('he');
  });

  it('keeps password and sessions as they were where the change cannot be audited', async () => {
    const other = await signIn(PASSWORD);
    const fault = await faultOf(here.unauditedApp.identity.changePassword.execute(commandOf()));
    expect(fault).to.have.property('message', AUDIT_FAULT);
    expect(await stored()).to.deep.equal(person.user);
    expect(await here.whoIs(other.tokens)).to.deep.equal(other.actor);
  });

  it('is for a person with an account only', async () => {
    for (const actor of [ANONYMOUS, SYSTEM, aUserActor('patient')]) {
      expect(await refusalOf(change({ actor }))).to.be.instanceOf(Unauthenticated);
    }
  });
});
