import { expect } from 'chai';
import type { Rotation, RotationRequest } from '../../../src/application/ports/stores/refresh-token-store.ts';
import type { Session } from '../../../src/domain/access/session.ts';
import { changeUser, type User } from '../../../src/domain/identity/user.ts';
import { changeTenant } from '../../../src/domain/tenancy/tenant.ts';
import { addSeconds, earlier } from '../../../src/domain/shared/time.ts';
import { at, newHash, NOW, plantSession, plantUser } from './fixtures.ts';
import { atOnce } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'refreshTokenStore'>;

/** A session with a token that can be presented. */
interface Signed {
  readonly user: User;
  readonly session: Session;
  readonly hash: Uint8Array;
}

async function plantSigned(world: World, given: Partial<Session> = {}): Promise<Signed> {
  const user = await plantUser(world, { role: 'physician', tokenEpoch: 3 });
  const hash = newHash();
  return { user, session: await plantSession(world, user, given, hash), hash };
}

const rotate = (
  { refreshTokenStore }: World,
  presentedHash: Uint8Array,
  given: Partial<RotationRequest> = {},
): Promise<Rotation> =>
  refreshTokenStore.rotate({
    presentedHash,
    successorHash: newHash(),
    now: NOW,
    retrySeconds: 10,
    ...given,
  });

const countOf = (rotations: readonly Rotation[], kind: Rotation['kind']): number =>
  rotations.filter((rotation) => rotation.kind === kind).length;

const endSession = ({ unitOfWork }: World, { user, session }: Signed, now: Date): Promise<boolean> =>
  unitOfWork.stores(user.tenantId).sessions.end(user.id, session.id, 'signed-out', now);

/**
 * Presents one token forty times at once: one use rotates it, the others are told that they retried, and one successor counts.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelRotations(world: World): Promise<void> {
  const { user, session, hash } = await plantSigned(world);
  const successors = Array.from({ length: 40 }, newHash);
  const rotations = await atOnce(40, (index) => rotate(world, hash, { successorHash: successors[index]! }));
  expect(countOf(rotations, 'rotated')).to.equal(1);
  expect(countOf(rotations, 'retried')).to.equal(39);
  for (const rotation of rotations) {
    expect(rotation).to.deep.equal({ ...granted(user, session, NOW), kind: rotation.kind });
  }
  const next = await atOnce(40, (index) => rotate(world, successors[index]!));
  expect(countOf(next, 'rotated')).to.equal(1);
  expect(countOf(next, 'invalid')).to.equal(39);
}

const SHORTER = { idleSeconds: 60, maxSeconds: 600 };

async function expectShorter({ unitOfWork }: World, { user, session }: Signed): Promise<void> {
  const stored = await unitOfWork.stores(user.tenantId).sessions.find(session.id);
  expect(stored).to.deep.include({ idleExpiresAt: at(60), idleSeconds: 60, expiresAt: at(600) });
}

/**
 * Presents a token while the lives of its account's sessions are shortened, thirty times at once: whichever comes first, the session
 * keeps the shorter life.
 *
 * @throws {AssertionError} for a store that writes back limits that it read before
 */
export async function checkRotationsBesideLimits(world: World): Promise<void> {
  await atOnce(30, async () => {
    const signed = await plantSigned(world);
    const { sessions } = world.unitOfWork.stores(signed.user.tenantId);
    await Promise.all([rotate(world, signed.hash), sessions.limitAll(signed.user.id, SHORTER, NOW)]);
    await expectShorter(world, signed);
  });
}

const granted = (user: User, session: Session, now: Date) => ({
  claims: {
    userId: user.id,
    tenantId: user.tenantId,
    sessionId: session.id,
    role: user.role,
    epoch: user.tokenEpoch,
    amr: session.amr,
    authTime: session.authTime,
  },
  session: {
    idleExpiresAt: earlier(addSeconds(now, session.idleSeconds), session.expiresAt),
    expiresAt: session.expiresAt,
    legacySid: session.legacySid,
  },
});

/** What every `RefreshTokenStore` keeps. */
export function refreshTokenStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a RefreshTokenStore`, () => {
    describe('rotating', () => {
      rotatingContract(open);
    });
    describe('a shortened life of the session', () => {
      limitContract(open);
    });
    describe('a token that was used', () => {
      reuseContract(open);
    });
    describe('a token that does not count', () => {
      refusingContract(open);
    });
  });
}

function rotatingContract(open: OpenWorld<keyof World>): void {
  it('gives the claims of account and session, and moves the idle limit', async () => {
    const world = await open();
    const { user, session, hash } = await plantSigned(world, { amr: ['pwd', 'otp'], authTime: at(-60) });
    const rotation = await rotate(world, hash, { now: at(100) });
    expect(rotation).to.deep.equal({ kind: 'rotated', ...granted(user, session, at(100)) });
    const stored = await world.unitOfWork.stores(user.tenantId).sessions.find(session.id);
    const idleExpiresAt = at(100 + session.idleSeconds);
    expect(stored).to.deep.equal({ ...session, lastUsedAt: at(100), idleExpiresAt });
  });

  it('tells the legacy session that the session stands on, at the first use of a token and at a retry', async () => {
    const world = await open();
    const { user, session, hash } = await plantSigned(world, { legacySid: 'a sid' });
    for (const kind of ['rotated', 'retried'] as const) {
      const rotation = await rotate(world, hash);
      expect(rotation).to.deep.equal({ kind, ...granted(user, session, NOW) });
      expect(rotation).to.have.nested.property('session.legacySid', 'a sid');
    }
  });

  it('moves the idle limit no further than the end of the session', async () => {
    const world = await open();
    const { user, session, hash } = await plantSigned(world, { expiresAt: at(3600) });
    const rotation = await rotate(world, hash, { now: at(100) });
    const limits = { idleExpiresAt: at(3600), expiresAt: at(3600) };
    expect(rotation).to.deep.include({ session: { ...limits, legacySid: null } });
    const stored = await world.unitOfWork.stores(user.tenantId).sessions.find(session.id);
    expect(stored?.idleExpiresAt).to.deep.equal(at(3600));
  });

  it('lets the successor count, and its successor', async () => {
    const world = await open();
    const { hash } = await plantSigned(world);
    const [second, third] = [newHash(), newHash()];
    expect(await rotate(world, hash, { successorHash: second })).to.include({ kind: 'rotated' });
    expect(await rotate(world, second, { successorHash: third })).to.include({ kind: 'rotated' });
    expect(await rotate(world, third)).to.include({ kind: 'rotated' });
  });

  it('tells the role and the epoch that the account has now', async () => {
    const world = await open();
    const { user, hash } = await plantSigned(world);
    const changed = changeUser(user, { role: 'admin' }, at(1));
    await world.unitOfWork.stores(user.tenantId).users.save(changed);
    const rotation = await rotate(world, hash, { now: at(2) });
    expect(rotation).to.have.nested.include({
      'claims.role': 'admin',
      'claims.epoch': user.tokenEpoch + 1,
    });
  });

  it('rotates a token once, however often it is presented at once', async () => {
    await checkParallelRotations(await open());
  });
}

function limitContract(open: OpenWorld<keyof World>): void {
  it('is kept by rotations at the same moment', async () => {
    await checkRotationsBesideLimits(await open());
  });

  it('is kept by a rotation that begins before the unit of work that shortens it is over', async () => {
    const world = await open();
    for (let round = 0; round < 20; round += 1) {
      const signed = await plantSigned(world);
      const rotations: Promise<Rotation>[] = [];
      await world.unitOfWork.run(signed.user.tenantId, async ({ sessions }) => {
        await sessions.limitAll(signed.user.id, SHORTER, NOW);
        if (rotations.length === 0) rotations.push(rotate(world, signed.hash));
        // So that it is under way before the others can see the limits.
        for (let looks = 0; looks < 5; looks += 1) await sessions.find(signed.session.id);
      });
      expect(await rotations[0]).to.include({ kind: 'rotated' });
      await expectShorter(world, signed);
    }
  });

  it('holds for the rotations after it, and is what they tell', async () => {
    const world = await open();
    const { user, hash } = await plantSigned(world);
    const { sessions } = world.unitOfWork.stores(user.tenantId);
    await sessions.limitAll(user.id, { idleSeconds: 60, maxSeconds: 90 }, NOW);
    const successorHash = newHash();
    expect(await rotate(world, hash, { successorHash, now: at(20) })).to.deep.include({
      session: { idleExpiresAt: at(80), expiresAt: at(90), legacySid: null },
    });
    expect(await rotate(world, successorHash, { now: at(40) })).to.deep.include({
      session: { idleExpiresAt: at(90), expiresAt: at(90), legacySid: null },
    });
  });
}

function reuseContract(open: OpenWorld<keyof World>): void {
  it('is answered as before for as long as the retry lasts, and its successor goes on counting', async () => {
    const world = await open();
    const { user, session, hash } = await plantSigned(world);
    const successorHash = newHash();
    await rotate(world, hash, { successorHash });
    for (const seconds of [0, 5, 9.999]) {
      const again = await rotate(world, hash, { successorHash, now: at(seconds) });
      expect(again).to.deep.equal({ kind: 'retried', ...granted(user, session, NOW) });
    }
    expect(await rotate(world, successorHash, { now: at(9.999) })).to.include({ kind: 'rotated' });
    expect(await rotate(world, hash, { successorHash, now: at(9.999) })).to.include({ kind: 'retried' });
  });

  it('is told as reused afterwards, for the caller to end its session', async () => {
    const world = await open();
    const { user, session, hash } = await plantSigned(world);
    const successorHash = newHash();
    await rotate(world, hash, { successorHash });
    const reused = { kind: 'reused', tenantId: user.tenantId, userId: user.id, sessionId: session.id };
    expect(await rotate(world, hash, { successorHash, now: at(10.001) })).to.deep.equal(reused);
    expect(await rotate(world, hash, { now: at(3600) })).to.deep.equal(reused);
  });

  it('is invalid once its session is over', async () => {
    const world = await open();
    const signed = await plantSigned(world);
    const successorHash = newHash();
    await rotate(world, signed.hash, { successorHash });
    await endSession(world, signed, at(60));
    for (const hash of [signed.hash, successorHash]) {
      expect(await rotate(world, hash, { now: at(60) })).to.deep.equal({ kind: 'invalid' });
    }
  });
}

function refusingContract(open: OpenWorld<keyof World>): void {
  it('is invalid where nobody ever had it', async () => {
    expect(await rotate(await open(), newHash())).to.deep.equal({ kind: 'invalid' });
  });

  it('is invalid from the idle limit and from the end of its session on, and stays as it was', async () => {
    const world = await open();
    for (const given of [{ idleExpiresAt: at(60) }, { expiresAt: at(60) }]) {
      const { hash } = await plantSigned(world, given);
      expect(await rotate(world, hash, { now: at(60) })).to.deep.equal({ kind: 'invalid' });
      expect(await rotate(world, hash, { now: at(59.999) })).to.include({ kind: 'rotated' });
    }
  });

  it('is invalid where its session was ended', async () => {
    const world = await open();
    const signed = await plantSigned(world);
    await endSession(world, signed, NOW);
    expect(await rotate(world, signed.hash)).to.deep.equal({ kind: 'invalid' });
  });

  it('is invalid while its account is disabled', async () => {
    const world = await open();
    const { user, hash } = await plantSigned(world);
    const disabled = changeUser(user, { isActive: false }, at(1));
    await world.unitOfWork.stores(user.tenantId).users.save(disabled);
    expect(await rotate(world, hash, { now: at(2) })).to.deep.equal({ kind: 'invalid' });
  });

  it('is invalid while its tenant demands a second factor that its session is without', async () => {
    const world = await open();
    const { user, session, hash } = await plantSigned(world);
    const { sessions, tenants } = world.unitOfWork.stores(user.tenantId);
    const tenant = await tenants.find(user.tenantId);
    await tenants.save(changeTenant(tenant!, { mfaRequired: true }));
    expect(await rotate(world, hash, { now: at(1) })).to.deep.equal({ kind: 'invalid' });
    await sessions.elevate(user.id, session.id, ['otp'], at(2));
    expect(await rotate(world, hash, { now: at(3) })).to.include({ kind: 'rotated' });
  });

  it('is never let through after the end of its session, even where both happen at once', async () => {
    const world = await open();
    const signed = await plantSigned(world);
    let hash = signed.hash;
    const rotations = atOnce(10, async (index) => {
      const successorHash = newHash();
      const rotation = await rotate(world, hash, { successorHash, now: at(index) });
      if (rotation.kind === 'rotated') hash = successorHash;
    });
    await Promise.all([rotations, endSession(world, signed, at(20))]);
    expect(await rotate(world, hash, { now: at(20) })).to.deep.equal({ kind: 'invalid' });
  });
}
