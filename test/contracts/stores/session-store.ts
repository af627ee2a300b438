import { expect } from 'chai';
import {
  AUTHENTICATION_METHODS,
  limitSession,
  type Session,
  type SessionEnd,
} from '../../../src/domain/access/session.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { elevatingContract } from './session-store-elevating.ts';
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

const FIRST_PAGE = { limit: 100, after: null };

const liveOf = async (world: World, user: User, now: Date): Promise<readonly Session[]> =>
  (await sessionsOf(world, user).listLive(user.id, now, FIRST_PAGE)).items;

const idsOf = (sessions: readonly Session[]): readonly string[] => sessions.map(({ id }) => id);

const END_REASONS: readonly SessionEnd[] = [
  'signed-out',
  'revoked',
  'password-changed',
  'password-reset',
  'account-disabled',
  'factors-reset',
  'second-factor-required',
  'refresh-reused',
];

/** What every `SessionStore` keeps. */
export function sessionStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a SessionStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('listing', () => {
      listingContract(open);
    });
    describe('elevating', () => {
      elevatingContract(open);
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
    const full = newSession(user, {
      amr: AUTHENTICATION_METHODS,
      authTime: at(-5),
      lastUsedAt: at(1),
      legacySid: 'a sid',
    });
    const bare = newSession(user, { client: { userAgent: null, address: null } });
    const entries = [newEntry(user.tenantId, { at: at(1) }), newEntry(user.tenantId, { at: at(2) })];
    await sessionsOf(world, user).add(full, newHash(), entries[0]!, user);
    await sessionsOf(world, user).add(bare, newHash(), entries[1]!, { ...user, passwordHash: null });
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
    await failureOf(sessionsOf(world, user).add(session, known, newEntry(user.tenantId), user));
    expect(await sessionsOf(world, user).find(session.id)).to.equal(null);
    expect(await world.readAudit(user.tenantId)).to.have.length(1);
  });

  it('takes no session for an account of another tenant', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    const foreign = newSession(stranger);
    const smuggled = newSession({ ...stranger, tenantId: own.tenantId });
    for (const session of [foreign, smuggled]) {
      const adding = sessionsOf(world, own).add(session, newHash(), newEntry(own.tenantId), own);
      expect(await adding.catch(() => false)).to.equal(false);
      expect(await sessionsOf(world, own).find(session.id)).to.equal(null);
      expect(await sessionsOf(world, stranger).find(session.id)).to.equal(null);
    }
    expect(await world.readAudit(own.tenantId)).to.deep.equal([]);
  });

  it('takes no session once the account is disabled, or has another password or epoch than the sign-in stands on', async () => {
    const world = await open();
    const disabled = await plantUser(world, { isActive: false });
    const user = await plantUser(world, { passwordHash: 'new', tokenEpoch: 2 });
    for (const [owner, basis] of [
      [disabled, disabled],
      [disabled, { ...disabled, passwordHash: null }],
      [user, { ...user, passwordHash: 'old' }],
      [user, { ...user, tokenEpoch: 1 }],
      [user, { passwordHash: null, tokenEpoch: 1 }],
    ] as const) {
      const session = newSession(owner);
      const adding = sessionsOf(world, owner).add(session, newHash(), newEntry(owner.tenantId), basis);
      expect(await adding).to.equal(false);
      expect(await sessionsOf(world, owner).find(session.id)).to.equal(null);
      expect(await world.readAudit(owner.tenantId)).to.deep.equal([]);
    }
  });

  const changes: readonly (readonly [string, (user: User) => Partial<User>])[] = [
    ['password', () => ({ passwordHash: 'new' })],
    ['active flag', (user) => ({ isActive: false, tokenEpoch: user.tokenEpoch + 1 })],
    ['role', (user) => ({ role: 'admin', tokenEpoch: user.tokenEpoch + 1 })],
  ];
  for (const [what, change] of changes) {
    it(`leaves no live session behind that overtook a change of the ${what}`, async () => {
      const world = await open();
      for (let round = 0; round < 10; round += 1) {
        const user = await plantUser(world, { passwordHash: 'old' });
        const changing = world.unitOfWork.run(user.tenantId, async ({ users, sessions }) => {
          await users.save({ ...user, ...change(user), version: user.version + 1 });
          await sessions.endAll(user.id, 'revoked', NOW, null);
        });
        const signIns = Array.from({ length: 5 }, () =>
          sessionsOf(world, user).add(newSession(user), newHash(), newEntry(user.tenantId), user),
        );
        await Promise.all([changing, ...signIns]);
        expect(await liveOf(world, user, NOW)).to.deep.equal([]);
      }
    });
  }

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
      sessions.add(session, newHash(), newEntry(user.tenantId), user),
    );
    expect(await sessionsOf(world, user).find(session.id)).to.equal(null);
    expect(await world.readAudit(user.tenantId)).to.deep.equal([]);
  });
}

function listingContract(open: OpenWorld<keyof World>): void {
  it('lists what is live of the user, newest first', async () => {
    const world = await open();
    const user = await plantUser(world);
    const early = await plantSession(world, user, { createdAt: at(1) });
    const late = await plantSession(world, user, { createdAt: at(9) });
    const middle = await plantSession(world, user, { createdAt: at(5) });
    await plantSession(world, user, { endedAt: at(1), endReason: 'revoked' });
    await plantSession(world, user, { idleExpiresAt: at(60) });
    await plantSession(world, user, { expiresAt: at(60) });
    await plantSession(world, await plantUser(world, { tenantId: user.tenantId }));
    expect(await liveOf(world, user, at(60))).to.deep.equal([late, middle, early]);
    expect(await liveOf(world, user, at(59.999))).to.have.length(5);
  });

  it('lists them page by page', async () => {
    const world = await open();
    const user = await plantUser(world);
    const planted: Session[] = [];
    for (let second = 0; second < 5; second += 1) {
      planted.unshift(await plantSession(world, user, { createdAt: at(second) }));
    }
    const sessions = sessionsOf(world, user);
    const first = await sessions.listLive(user.id, NOW, { limit: 3, after: null });
    expect(first.items).to.deep.equal(planted.slice(0, 3));
    const second = await sessions.listLive(user.id, NOW, { limit: 3, after: first.next });
    expect(second).to.deep.equal({ items: planted.slice(3), next: null });
  });

  it('lists nothing of another tenant', async () => {
    const world = await open();
    const user = await plantUser(world);
    await plantSession(world, user);
    const other = await plantTenant(world);
    const { sessions } = world.unitOfWork.stores(other.id);
    expect((await sessions.listLive(user.id, NOW, FIRST_PAGE)).items).to.deep.equal([]);
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
    expect(await liveOf(world, user, at(5))).to.deep.equal([]);
  });

  it('ends one for whatever reason there is', async () => {
    const world = await open();
    const user = await plantUser(world);
    for (const reason of END_REASONS) {
      const { id } = await plantSession(world, user);
      expect(await sessionsOf(world, user).end(user.id, id, reason, NOW)).to.equal(true);
      expect((await sessionsOf(world, user).find(id))?.endReason).to.equal(reason);
    }
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
    expect(idsOf(await liveOf(world, user, at(5)))).to.deep.equal([kept.id]);
    for (const session of ended) {
      const expected = { ...session, endedAt: at(5), endReason: 'password-changed' };
      expect(await sessions.find(session.id)).to.deep.equal(expected);
    }
    expect(await sessions.find(before.id)).to.deep.equal(before);
    expect(await liveOf(world, colleague, at(5))).to.have.length(1);
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
