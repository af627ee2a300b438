import { expect } from 'chai';
import { Forbidden, Unauthenticated } from '../../../../src/domain/access/errors.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { ANONYMOUS, anId, NOW, SYSTEM, systemOf } from '../../../support/builders.ts';
import { AUDIT_FAULT } from '../../../support/failing-audit.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { refusalOf } from '../../../support/refusal-of.ts';
import { type Member, type World, world } from '../../../support/world.ts';
import type { PageRequest } from '../../../../src/domain/shared/page.ts';

const FIRST_PAGE: PageRequest = { limit: 25, after: null };

describe('The sessions of a person', () => {
  let here: World;
  let laptop: Member;
  let phone: Member;
  let stranger: Member;

  beforeEach(async () => {
    here = world();
    laptop = await here.patient({ client: { userAgent: 'a laptop', address: '192.0.2.1' } });
    here.clock.advance(10);
    const client = { userAgent: 'a phone', address: null };
    phone = await here.signIn({ email: laptop.user.email, client });
    stranger = await here.patient();
  });

  const counts = async (...members: readonly Member[]): Promise<readonly boolean[]> =>
    Promise.all(members.map(async ({ tokens }) => (await here.whoIs(tokens)) !== null));
  const sessionOf = async ({ actor }: Member) =>
    (await here.rows('sessions')).find(({ id }) => id === actor.sessionId);
  const ends = () => here.audited('access.session-ended');

  describe('ListSessions', () => {
    const list = async ({ actor }: Member, page: PageRequest = FIRST_PAGE) =>
      (await here.app.access.listSessions.execute({ actor, page })).items;

    it('shows the live ones by device, the newest first, and which one asks', async () => {
      const shown = (await list(laptop)).map(({ session: { client, amr, createdAt }, current }) => ({
        ...client,
        amr,
        createdAt,
        current,
      }));
      expect(shown).to.deep.equal([
        {
          userAgent: 'a phone',
          address: null,
          amr: ['pwd'],
          createdAt: addSeconds(NOW, 10),
          current: false,
        },
        { userAgent: 'a laptop', address: '192.0.2.1', amr: ['pwd'], createdAt: NOW, current: true },
      ]);
    });

    it('shows them page by page', async () => {
      const { listSessions } = here.app.access;
      const { items, next } = await listSessions.execute({
        actor: phone.actor,
        page: { limit: 1, after: null },
      });
      expect(items.map(({ current }) => current)).to.deep.equal([true]);
      const rest = await listSessions.execute({ actor: phone.actor, page: { limit: 1, after: next } });
      expect(rest.items.map(({ current }) => current)).to.deep.equal([false]);
      expect(rest.next).to.equal(null);
    });

    it('leaves out those that are over, by their end or by time', async () => {
      await here.app.access.logout.execute({ actor: phone.actor });
      expect(await list(laptop)).to.have.length(1);
      here.clock.advance(995);
      expect(await list(laptop)).to.deep.equal([]);
    });

    it('shows nobody’s but one’s own', async () => {
      expect((await list(stranger)).map(({ session }) => session.userId)).to.deep.equal([stranger.user.id]);
    });
  });

  describe('Logout', () => {
    it('ends the session that it came with, its tokens included, and no other', async () => {
      await here.app.access.logout.execute({ actor: laptop.actor });
      expect(await counts(laptop, phone, stranger)).to.deep.equal([false, true, true]);
      expect(await sessionOf(laptop)).to.deep.include({
        endedAt: here.clock.now(),
        endReason: 'signed-out',
      });
      const entries = await ends();
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        actor: { kind: 'user', id: laptop.user.id },
        subject: { type: 'session', id: laptop.actor.sessionId },
        details: { reason: 'signed-out' },
      });
    });

    it('is harmless when the session is over already', async () => {
      await here.app.access.logout.execute({ actor: laptop.actor });
      const before = await sessionOf(laptop);
      here.clock.advance(1);
      await here.app.access.logout.execute({ actor: laptop.actor });
      expect(await sessionOf(laptop)).to.deep.equal(before);
      expect(await ends()).to.have.length(1);
    });
  });

  describe('RevokeSession', () => {
    const revoke = (member: Member, sessionId: string) =>
      here.app.access.revokeSession.execute({ actor: member.actor, sessionId });

    it('ends one’s own session on whatever device', async () => {
      expect(await revoke(laptop, phone.actor.sessionId)).to.equal(true);
      expect(await counts(laptop, phone)).to.deep.equal([true, false]);
      expect((await sessionOf(phone))?.endReason).to.equal('revoked');
      expect((await ends())[0]).to.deep.include({
        subject: { type: 'session', id: phone.actor.sessionId },
        details: { reason: 'revoked' },
      });
    });

    it('finds no session of somebody else’s, nor one that is over or was never there', async () => {
      expect(await revoke(laptop, stranger.actor.sessionId)).to.equal(false);
      expect(await revoke(laptop, anId())).to.equal(false);
      await revoke(laptop, phone.actor.sessionId);
      expect(await revoke(laptop, phone.actor.sessionId)).to.equal(false);
      expect(await counts(laptop, stranger)).to.deep.equal([true, true]);
      expect(await ends()).to.have.length(1);
    });

    it('ends a session once where two ask at once', async () => {
      const asked = [1, 2].map(() => revoke(laptop, phone.actor.sessionId));
      expect(await Promise.all(asked)).to.have.members([true, false]);
      expect(await ends()).to.have.length(1);
    });
  });

  describe('RevokeOtherSessions', () => {
    it('ends all of the person’s but the one that asks, and says how many', async () => {
      const tablet = await here.signIn({ email: laptop.user.email });
      expect(await here.app.access.revokeOtherSessions.execute({ actor: laptop.actor })).to.equal(2);
      expect(await counts(laptop, phone, tablet, stranger)).to.deep.equal([true, false, false, true]);
      for (const member of [phone, tablet]) {
        const session = await sessionOf(member);
        expect(session).to.deep.include({ endReason: 'revoked', endedAt: here.clock.now() });
      }
      const entries = await here.audited('access.sessions-ended');
      expect(entries).to.have.length(1);
      expect(entries[0]).to.deep.include({
        actor: { kind: 'user', id: laptop.user.id },
        subject: { type: 'user', id: laptop.user.id },
        details: { ended: 2 },
      });
    });

    it('ends none where there is no other', async () => {
      expect(await here.app.access.revokeOtherSessions.execute({ actor: stranger.actor })).to.equal(0);
      expect(await counts(stranger)).to.deep.equal([true]);
    });
  });

  describe('RevokeUserSessions', () => {
    const revokeAll = (actor: Member['actor'] | typeof SYSTEM, userId: string) =>
      here.app.access.revokeUserSessions.execute({ actor, userId });

    it('ends all sessions of an account on an admin’s word', async () => {
      const { actor: admin } = await here.member('admin');
      expect(await revokeAll(admin, laptop.user.id)).to.equal(2);
      expect(await counts(laptop, phone, stranger)).to.deep.equal([false, false, true]);
      expect((await here.audited('access.sessions-ended'))[0]).to.deep.include({
        actor: { kind: 'user', id: admin.userId },
        subject: { type: 'user', id: laptop.user.id },
        details: { ended: 2 },
      });
    });

    it('ends those of an account on the word of the installation', async () => {
      expect(await revokeAll(SYSTEM, laptop.user.id)).to.equal(2);
    });

    it('lets the person sign in again', async () => {
      await revokeAll(SYSTEM, laptop.user.id);
      expect(await counts(await here.signIn({ email: laptop.user.email }))).to.deep.equal([true]);
    });

    it('ends an admin’s own session too', async () => {
      const admin = await here.member('admin');
      expect(await revokeAll(admin.actor, admin.user.id)).to.equal(1);
      expect(await counts(admin)).to.deep.equal([false]);
    });

    it('knows no account of another tenant, nor one that was never there', async () => {
      const clinic = await here.tenant();
      const { actor: otherAdmin } = await here.member('admin', { tenant: clinic });
      expect(await revokeAll(otherAdmin, laptop.user.id)).to.equal(null);
      expect(await revokeAll(systemOf(clinic.id), laptop.user.id)).to.equal(null);
      expect(await revokeAll(SYSTEM, anId())).to.equal(null);
      expect(await counts(laptop, phone)).to.deep.equal([true, true]);
      expect(await here.audited('access.sessions-ended')).to.deep.equal([]);
    });

    it('is for admins only', async () => {
      for (const role of ['patient', 'physician'] as const) {
        const { actor } = await here.member(role);
        expect(await refusalOf(revokeAll(actor, laptop.user.id))).to.be.instanceOf(Forbidden);
      }
      const anonymous = here.app.access.revokeUserSessions.execute({
        actor: ANONYMOUS,
        userId: laptop.user.id,
      });
      expect(await refusalOf(anonymous)).to.be.instanceOf(Unauthenticated);
    });
  });

  it('are nobody’s who is not signed in, and none of the installation itself', async () => {
    const { listSessions, logout, revokeSession, revokeOtherSessions } = here.app.access;
    for (const actor of [ANONYMOUS, SYSTEM]) {
      for (const act of [
        () => listSessions.execute({ actor, page: FIRST_PAGE }),
        () => logout.execute({ actor }),
        () => revokeSession.execute({ actor, sessionId: laptop.actor.sessionId }),
        () => revokeOtherSessions.execute({ actor }),
      ]) {
        expect(await refusalOf(act())).to.be.instanceOf(Unauthenticated);
      }
    }
  });

  it('live on where their end cannot be audited', async () => {
    const { access } = here.unauditedApp;
    const { actor } = laptop;
    for (const act of [
      () => access.logout.execute({ actor }),
      () => access.revokeSession.execute({ actor, sessionId: phone.actor.sessionId }),
      () => access.revokeOtherSessions.execute({ actor }),
      () => access.revokeUserSessions.execute({ actor: SYSTEM, userId: laptop.user.id }),
    ]) {
      expect(await faultOf(act())).to.have.property('message', AUDIT_FAULT);
    }
    expect(await counts(laptop, phone)).to.deep.equal([true, true]);
  });
});
