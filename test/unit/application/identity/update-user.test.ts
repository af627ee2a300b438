import { expect } from 'chai';
import type { Actor } from '../../../../src/domain/access/actor.ts';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { LastAdmin, UserConflict } from '../../../../src/domain/identity/errors.ts';
import type { Role, UserChanges } from '../../../../src/domain/identity/user.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { compose } from '../../../../src/main/compose.ts';
import { ANONYMOUS, anId, NO_CLIENT, PASSWORD, SYSTEM } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';

describe('UpdateUser', () => {
  let here: World;
  let admin: Member;
  let person: Member;

  beforeEach(async () => {
    here = world();
    admin = await here.member('admin');
    person = await here.patient();
    here.clock.advance(1);
  });

  const update = (changes: UserChanges, { user } = person, actor: Actor = admin.actor) =>
    here.app.identity.updateUser.execute({ actor, userId: user.id, changes });
  const stored = async ({ user }: Member) => (await here.rows('users')).find(({ id }) => id === user.id);
  const changed = () => here.audited('identity.user-changed');

  it('changes the role, and makes the tokens of before count no more', async () => {
    const user = await update({ role: 'physician' });
    expect(user).to.deep.equal({
      ...person.user,
      role: 'physician',
      tokenEpoch: 2,
      version: 2,
      updatedAt: here.clock.now(),
    });
    expect(await stored(person)).to.deep.equal(user);
    expect(await here.whoIs(person.tokens)).to.equal(null);
    expect((await here.signIn({ email: person.user.email })).actor.role).to.equal('physician');
  });

  it('gives the sessions of one who becomes staff the shorter life of staff, beginning now', async () => {
    const other = await here.signIn({ email: person.user.email });
    const neighbour = await here.patient();
    await update({ role: 'physician' });
    for (const { actor } of [person, other]) {
      const session = (await here.rows('sessions')).find(({ id }) => id === actor.sessionId);
      expect(session).to.deep.include({
        idleSeconds: 100,
        idleExpiresAt: addSeconds(here.clock.now(), 100),
        expiresAt: addSeconds(here.clock.now(), 500),
        endedAt: null,
      });
    }
    expect((await here.rows('sessions')).at(-1)).to.deep.include({
      userId: neighbour.user.id,
      idleExpiresAt: addSeconds(here.clock.now(), 1000),
    });
    const { refreshToken } = person.tokens;
    const refreshed = await here.app.access.refreshToken.execute({ refreshToken });
    expect(refreshed.refreshExpiresIn).to.equal(100);
    expect((await here.whoIs(refreshed))?.role).to.equal('physician');
  });

  it('does not prolong the sessions of one who is staff no more', async () => {
    const physician = await here.member('physician');
    const before = (await here.rows('sessions')).at(-1);
    here.clock.advance(50);
    await update({ role: 'patient' }, physician);
    expect((await here.rows('sessions')).at(-1)).to.deep.equal(before);
  });

  it('disables an account: its sessions end, and it cannot sign in', async () => {
    const other = await here.signIn({ email: person.user.email });
    expect(await update({ isActive: false })).to.include({ isActive: false, version: 2 });
    expect(await here.whoIs(person.tokens)).to.equal(null);
    expect(await here.whoIs(other.tokens)).to.equal(null);
    const ends = (await here.rows('sessions')).filter(({ userId }) => userId === person.user.id);
    const { clock } = here;
    for (const end of ends) {
      expect(end).to.deep.include({ endReason: 'account-disabled', endedAt: clock.now() });
    }
    expect(ends).to.have.length(2);
    expect(await refusalOf(here.signIn({ email: person.user.email }))).to.have.property(
      'code',
      'access.invalid-credentials',
    );
  });

  it('enables it again, without bringing its sessions back', async () => {
    await update({ isActive: false });
    expect(await update({ isActive: true })).to.include({ isActive: true, version: 3 });
    expect(await here.whoIs(person.tokens)).to.equal(null);
    expect((await here.signIn({ email: person.user.email })).user.id).to.equal(person.user.id);
  });

  it('leaves the sessions of everybody else alone', async () => {
    const neighbour = await here.patient();
    await update({ isActive: false });
    expect(await here.whoIs(neighbour.tokens)).to.deep.equal(neighbour.actor);
    expect(await here.whoIs(admin.tokens)).to.deep.equal(admin.actor);
  });

  it('tells the trail what the account is now', async () => {
    await update({ role: 'admin' });
    const entries = await changed();
    expect(entries).to.have.length(1);
    expect(entries[0]).to.deep.include({
      tenantId: person.user.tenantId,
      actor: { kind: 'user', id: admin.user.id },
      subject: { type: 'user', id: person.user.id },
      at: here.clock.now(),
      details: { role: 'admin', isActive: true },
    });
  });

  it('does and tells nothing where nothing changes', async () => {
    expect(await update({})).to.deep.equal(person.user);
    expect(await update({ role: 'patient', isActive: true })).to.deep.equal(person.user);
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
    expect(await changed()).to.deep.equal([]);
  });

  it('changes an account on the word of the installation', async () => {
    await update({ role: 'physician' }, person, SYSTEM);
    expect((await changed())[0]?.actor).to.deep.equal({ kind: 'system' });
  });

  it('is for admins only', async () => {
    for (const role of ['patient', 'physician'] as const) {
      const { actor } = await here.member(role);
      expect(await refusalOf(update({ role: 'admin' }, person, actor))).to.be.instanceOf(Forbidden);
    }
    expect(await refusalOf(update({ role: 'admin' }, person, ANONYMOUS))).to.be.instanceOf(Unauthenticated);
    expect(await stored(person)).to.deep.equal(person.user);
  });

  it('knows no account of another tenant, nor one that was never there', async () => {
    const clinic = await here.tenant();
    const otherAdmin = await here.member('admin', { tenant: clinic });
    expect(await update({ isActive: false }, person, otherAdmin.actor)).to.equal(null);
    expect(await update({ isActive: false }, otherAdmin, admin.actor)).to.equal(null);
    const userId = anId();
    expect(
      await here.app.identity.updateUser.execute({ actor: SYSTEM, userId, changes: { isActive: false } }),
    ).to.equal(null);
    expect(await stored(person)).to.deep.equal(person.user);
    expect(await stored(otherAdmin)).to.deep.equal(otherAdmin.user);
    expect(await changed()).to.deep.equal([]);
  });

  it('keeps the account and its sessions as they were where that cannot be audited', async () => {
    const { updateUser } = here.unauditedApp.identity;
    const act = updateUser.execute({
      actor: admin.actor,
      userId: person.user.id,
      changes: { isActive: false },
    });
    expect(await faultOf(act)).to.have.property('message', AUDIT_FAULT);
    expect(await stored(person)).to.deep.equal(person.user);
    expect(await here.whoIs(person.tokens)).to.deep.equal(person.actor);
  });

  describe('where staff must have a second factor', () => {
    const strictly = (role: Role, member = person) => {
      const { adapters } = here;
      const signIn = { emailVerification: 'optional', secondFactor: 'staff' } as const;
      const { identity } = compose({ ...adapters, settings: { ...adapters.settings, signIn } });
      return identity.updateUser.execute({ actor: SYSTEM, userId: member.user.id, changes: { role } });
    };
    const endReasons = async ({ user }: Member) =>
      (await here.rows('sessions'))
        .filter(({ userId }) => userId === user.id)
        .map(({ endReason }) => endReason);

    it('ends the sessions of a patient who becomes one of them: a password alone has opened them', async () => {
      await strictly('physician');
      expect(await endReasons(person)).to.deep.equal(['second-factor-required']);
      const { refreshToken } = person.tokens;
      const refreshed = here.app.access.refreshToken.execute({ refreshToken });
      expect(await refusalOf(refreshed)).to.have.property('code', 'access.refresh-invalid');
    });

    it('leaves the sessions of whoever was one of them, or becomes a patient', async () => {
      const doctor = await here.member('physician');
      await strictly('admin', doctor);
      await strictly('patient', doctor);
      expect(await endReasons(doctor)).to.deep.equal([null]);
    });

    it('leaves the sessions of a patient who becomes one of them, where nobody must have one', async () => {
      await update({ role: 'physician' });
      expect(await endReasons(person)).to.deep.equal([null]);
    });
  });

  describe('of the last active admin', () => {
    const refusesAll = async (member: Member) => {
      for (const changes of [{ isActive: false }, { role: 'patient' }, { role: 'physician' }] as const) {
        expect(await refusalOf(update(changes, member))).to.be.instanceOf(LastAdmin);
      }
      expect(await stored(member)).to.deep.equal(member.user);
      expect(await here.whoIs(member.tokens)).to.deep.equal(member.actor);
      expect(await changed()).to.deep.equal([]);
    };

    it('is refused, and nothing changes', async () => {
      await refusesAll(admin);
    });

    it('is refused where the other admins are of another tenant', async () => {
      const clinic = await here.tenant();
      await here.member('admin', { tenant: clinic });
      await refusesAll(admin);
    });

    it('is refused where the other admins are disabled', async () => {
      const other = await here.member('admin');
      await update({ isActive: false }, other);
      expect(await refusalOf(update({ isActive: false }, admin))).to.be.instanceOf(LastAdmin);
    });

    it('is refused to the installation too', async () => {
      expect(await refusalOf(update({ isActive: false }, admin, SYSTEM))).to.be.instanceOf(LastAdmin);
    });

    it('is allowed once there is another one', async () => {
      const other = await here.member('admin');
      expect(await update({ role: 'patient' }, admin, other.actor)).to.include({ role: 'patient' });
      expect(await refusalOf(update({ role: 'patient' }, other, other.actor))).to.be.instanceOf(LastAdmin);
    });

    it('does not stop the change of an admin who is disabled already', async () => {
      const other = await here.member('admin');
      await update({ isActive: false }, other);
      expect(await update({ role: 'patient' }, other)).to.include({ role: 'patient', isActive: false });
    });

    it('is refused to one of two who would each remove the other at the same time', async () => {
      const other = await here.member('admin');
      const outcomes = await Promise.allSettled([
        update({ role: 'patient' }, other, admin.actor),
        update({ isActive: false }, admin, other.actor),
      ]);
      expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).to.be.instanceOf(LastAdmin);
      const admins = (await here.rows('users')).filter(({ role, isActive }) => role === 'admin' && isActive);
      expect(admins).to.have.length(1);
      expect(await changed()).to.have.length(1);
    });

    it('stays however many remove admins at once', async () => {
      const admins = [admin, ...(await Promise.all([1, 2, 3, 4].map(() => here.member('admin'))))];
      const outcomes = await Promise.allSettled(
        admins.map((each) => update({ isActive: false }, each, SYSTEM)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(4);
      const left = (await here.rows('users')).filter(({ role, isActive }) => role === 'admin' && isActive);
      expect(left).to.have.length(1);
    });
  });

  it('takes the password of a registration away that nobody has confirmed: a stranger may have chosen it', async () => {
    const required = world({
      settings: { signIn: { emailVerification: 'required', secondFactor: 'nobody' } },
    });
    const email = 'doctor@example.org';
    await required.app.identity.registerUser.execute({ email, password: PASSWORD, client: NO_CLIENT });
    const [pending] = await required.rows('users');
    const command = { actor: SYSTEM, userId: pending!.id, changes: { role: 'physician' } } as const;
    const changed = await required.app.identity.updateUser.execute(command);
    expect(changed).to.include({ role: 'physician', passwordHash: null, registrationPending: false });
    await required.app.identity.registerUser.execute({ email, password: PASSWORD, client: NO_CLIENT });
    expect((await required.rows('users'))[0]).to.include({ role: 'physician', passwordHash: null });
  });

  it('is refused to one of two who change an account at the same time, where the database lets them', async () => {
    const { updateUser } = here.unisolatedApp.identity;
    const outcomes = await Promise.allSettled(
      (['physician', 'admin'] as const).map((role) =>
        updateUser.execute({ actor: SYSTEM, userId: person.user.id, changes: { role } }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).to.be.instanceOf(UserConflict);
    expect(await stored(person)).to.include({ version: 2, tokenEpoch: 2 });
  });
});
