import { expect } from 'chai';
import { limitSession, type Session } from '../../../src/domain/access/session.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import {
  at,
  newEntry,
  newHash,
  newId,
  newSession,
  NOW,
  plantSession,
  plantTenant,
  plantUser,
} from './fixtures.ts';
import { atOnce, failureOf, undo } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'readAudit'>;

const sessionsOf = ({ unitOfWork }: World, user: User) => unitOfWork.stores(user.tenantId).sessions;

const idsOf = (sessions: readonly Session[]): readonly string[] => sessions.map(({ id }) => id);

/** What every `SessionStore` keeps. */
export function sessionStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a SessionStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('listing', () => {
      listingContract(open);
    });
    describe('ending one', () => {
      endingContract(open);
    });
    describe('ending all', () => {
      endingAllContract(open);
    });
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added, and keeps the audit entry with it', async () => {
    const world = await open();
    const user = await plantUser(world);
    const full = newSession(user, { amr: ['pwd', 'otp', 'mfa'], authTime: at(-5), lastUsedAt: at(1) });
    const bare = newSession(user, { client: { userAgent: null, address: null } });
    const entries = [newEntry(user.tenantId, { at: at(1) }), newEntry(user.tenantId, { at: at(2) })];
    await sessionsOf(world, user).add(full, newHash(), entries[0]!, user.passwordHash);
    await sessionsOf(world, user).add(bare, newHash(), entries[1]!, null);
    for (const session of [full, bare]) {
      expect(await sessionsOf(world, user).find(session.id)).to.deep.equal(session);
    }
    expect(await world.readAudit(user.tenantId)).to.deep.equal(entries);
  });

  it('keeps nothing where a part cannot be kept', async () => {
    const world = await open();
    const user = await plantUser(world);
    const known = newHash();
    await plantSession(world, user, {}, known);
    const session = newSession(user);
    await failureOf(sessionsOf(world, user).add(session, known, newEntry(user.tenantId), null));
    expect(await sessionsOf(world, user).find(session.id)).to.equal(null);
    expect(await world.readAudit(user.tenantId)).to.have.length(1);
  });

  it('takes no session for an account of another tenant', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    const foreign = newSession(stranger);
    const smuggled = newSession({ ...stranger, tenantId: own.tenantId });
    for (const session of [foreign, smuggled]) {
      const adding = sessionsOf(world, own).add(session, newHash(), newEntry(own.tenantId), null);
      expect(await adding.catch(() => false)).to.equal(false);
      expect(await sessionsOf(world, own).find(session.id)).to.equal(null);
      expect(await sessionsOf(world, stranger).find(session.id)).to.equal(null);
    }
    expect(await world.readAudit(own.tenantId)).to.deep.equal([]);
  });

  it('takes no session once the account is disabled, or has another password than was proven', async () => {
    const world = await open();
    const disabled = await plantUser(world, { isActive: false });
    const user = await plantUser(world, { passwordHash: 'new' });
    for (const [owner, proven] of [
      [disabled, disabled.passwordHash],
      [disabled, null],
      [user, 'old'],
    ] as const) {
      const session = newSession(owner);
      const adding = sessionsOf(world, owner).add(session, newHash(), newEntry(owner.tenantId), proven);
      expect(await adding).to.equal(false);
      expect(await sessionsOf(world, owner).find(session.id)).to.equal(null);
      expect(await world.readAudit(owner.tenantId)).to.deep.equal([]);
    }
  });

  it('leaves no live session behind where a change of password, or a disabling, is overtaken', async () => {
    const world = await open();
    for (let round = 0; round < 20; round += 1) {
      const user = await plantUser(world, { passwordHash: 'old' });
      const change = round % 2 ? { passwordHash: 'new' } : { isActive: false };
      const changing = world.unitOfWork.run(user.tenantId, async ({ users, sessions }) => {
        await users.save({ ...user, ...change, version: user.version + 1 });
        await sessions.endAll(user.id, 'password-changed', NOW, null);
      });
      const signIns = Array.from({ length: 5 }, () =>
        sessionsOf(world, user).add(newSession(user), newHash(), newEntry(user.tenantId), 'old'),
      );
      await Promise.all([changing, ...signIns]);
      expect(await sessionsOf(world, user).listLive(user.id, NOW)).to.deep.equal([]);
    }
  });

  it('finds nothing by an id that no session has, nor the session of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    const other = await plantUser(world);
    expect(await sessionsOf(world, user).find(newId())).to.equal(null);
    expect(await sessionsOf(world, other).find(session.id)).to.equal(null);
  });

  it('keeps no session of a unit of work that failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = newSession(user);
    await undo(world, user.tenantId, ({ sessions }) =>
      sessions.add(session, newHash(), newEntry(user.tenantId), null),
    );
    expect(await sessionsOf(world, user).find(session.id)).to.equal(null);
    expect(await world.readAudit(user.tenantId)).to.deep.equal([]);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('lists what is live of the user, most recently used first', async () => {
    const world = await open();
    const user = await plantUser(world);
    const early = await plantSession(world, user, { lastUsedAt: at(1) });
    const late = await plantSession(world, user, { lastUsedAt: at(9) });
    const middle = await plantSession(world, user, { lastUsedAt: at(5) });
    await plantSession(world, user, { endedAt: at(1), endReason: 'revoked' });
    await plantSession(world, user, { idleExpiresAt: at(60) });
    await plantSession(world, user, { expiresAt: at(60) });
    await plantSession(world, await plantUser(world, { tenantId: user.tenantId }));
    const live = await sessionsOf(world, user).listLive(user.id, at(60));
    expect(live).to.deep.equal([late, middle, early]);
    expect(await sessionsOf(world, user).listLive(user.id, at(59.999))).to.have.length(5);
  });

  it('lists nothing of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantSession(world, user);
    const other = await plantTenant(world);
    expect(await world.unitOfWork.stores(other.id).sessions.listLive(user.id, NOW)).to.deep.equal([]);
  });
}

function endingContract(open: OpenWorld<keyof World>): void {
  it('ends a live session once, with its reason', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    expect(await sessionsOf(world, user).end(user.id, session.id, 'signed-out', at(5))).to.equal(true);
    expect(await sessionsOf(world, user).end(user.id, session.id, 'revoked', at(6))).to.equal(false);
    expect(await sessionsOf(world, user).find(session.id)).to.deep.equal({
      ...session,
      endedAt: at(5),
      endReason: 'signed-out',
    });
    expect(await sessionsOf(world, user).listLive(user.id, at(5))).to.deep.equal([]);
  });

  it('ends nothing that is not a live session of this user in this tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    const expired = await plantSession(world, user, { idleExpiresAt: at(5) });
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    const stranger = await plantUser(world);
    expect(await sessionsOf(world, user).end(user.id, newId(), 'revoked', at(5))).to.equal(false);
    expect(await sessionsOf(world, user).end(user.id, expired.id, 'revoked', at(5))).to.equal(false);
    expect(await sessionsOf(world, user).end(colleague.id, session.id, 'revoked', at(5))).to.equal(false);
    expect(await sessionsOf(world, stranger).end(user.id, session.id, 'revoked', at(5))).to.equal(false);
    expect(await sessionsOf(world, user).find(session.id)).to.deep.equal(session);
    expect(await sessionsOf(world, user).find(expired.id)).to.deep.equal(expired);
  });

  it('tells one of many who end a session at once that it was he', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    const ended = await atOnce(10, () => sessionsOf(world, user).end(user.id, session.id, 'revoked', NOW));
    expect(ended.filter(Boolean)).to.have.length(1);
  });

  it('leaves a session live where the unit of work failed', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    await undo(world, user.tenantId, ({ sessions }) => sessions.end(user.id, session.id, 'revoked', NOW));
    expect(await sessionsOf(world, user).find(session.id)).to.deep.equal(session);
  });
}

function endingAllContract(open: OpenWorld<keyof World>): void {
  it('ends every live session of the user but the one to keep, and counts them', async () => {
    const world = await open();
    const user = await plantUser(world);
    const kept = await plantSession(world, user);
    const ended = [await plantSession(world, user), await plantSession(world, user)];
    const before = await plantSession(world, user, { endedAt: at(1), endReason: 'signed-out' });
    const colleague = await plantUser(world, { tenantId: user.tenantId });
    await plantSession(world, colleague);
    const sessions = sessionsOf(world, user);
    expect(await sessions.endAll(user.id, 'password-changed', at(5), kept.id)).to.equal(2);
    expect(idsOf(await sessions.listLive(user.id, at(5)))).to.deep.equal([kept.id]);
    for (const session of ended) {
      const expected = { ...session, endedAt: at(5), endReason: 'password-changed' };
      expect(await sessions.find(session.id)).to.deep.equal(expected);
    }
    expect(await sessions.find(before.id)).to.deep.equal(before);
    expect(await sessions.listLive(colleague.id, at(5))).to.have.length(1);
  });

  it('ends all where none is to be kept, and then finds none', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantSession(world, user);
    await plantSession(world, user);
    expect(await sessionsOf(world, user).endAll(user.id, 'account-disabled', at(1), null)).to.equal(2);
    expect(await sessionsOf(world, user).endAll(user.id, 'account-disabled', at(1), null)).to.equal(0);
  });

  it('ends nothing of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    const stranger = await plantUser(world);
    expect(await sessionsOf(world, stranger).endAll(user.id, 'revoked', at(1), null)).to.equal(0);
    expect(await sessionsOf(world, user).find(session.id)).to.deep.equal(session);
  });

  it('ends each session once, however many do it at once', async () => {
    const world = await open();
    const user = await plantUser(world);
    for (let index = 0; index < 5; index += 1) await plantSession(world, user);
    const counts = await atOnce(8, () => sessionsOf(world, user).endAll(user.id, 'revoked', NOW, null));
    expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(5);
  });

  it('gives live sessions a shorter life, and no session a longer one', async () => {
    const world = await open();
    const user = await plantUser(world);
    const session = await plantSession(world, user);
    const sessions = sessionsOf(world, user);
    const longer = { idleSeconds: session.idleSeconds * 2, maxSeconds: 10_000_000 };
    await sessions.limitAll(user.id, longer, at(5));
    expect(await sessions.find(session.id)).to.deep.equal(session);
    for (const shorter of [
      { idleSeconds: 60, maxSeconds: 600 },
      { idleSeconds: 60, maxSeconds: 30 },
    ]) {
      const before = await sessions.find(session.id);
      await sessions.limitAll(user.id, shorter, at(5));
      expect(await sessions.find(session.id)).to.deep.equal(before && limitSession(before, shorter, at(5)));
    }
  });

  it('limits neither what is over nor what is of others', async () => {
    const world = await open();
    const user = await plantUser(world);
    const [ended, foreign] = [await plantSession(world, user), await plantSession(world, user)];
    await sessionsOf(world, user).end(user.id, ended.id, 'revoked', at(1));
    const over = await sessionsOf(world, user).find(ended.id);
    await sessionsOf(world, user).limitAll(
      (await plantUser(world)).id,
      { idleSeconds: 1, maxSeconds: 1 },
      at(2),
    );
    await sessionsOf(world, await plantUser(world)).limitAll(
      user.id,
      { idleSeconds: 1, maxSeconds: 1 },
      at(2),
    );
    expect(await sessionsOf(world, user).find(foreign.id)).to.deep.equal(foreign);
    await sessionsOf(world, user).limitAll(user.id, { idleSeconds: 1, maxSeconds: 1 }, at(2));
    expect(await sessionsOf(world, user).find(ended.id)).to.deep.equal(over);
  });
}
