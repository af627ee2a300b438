import { expect } from 'chai';
import type { ExpiredKind } from '../../../src/application/ports/stores/expired-records.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { newChallenge, newOutboxEntry, newToken } from './access-fixtures.ts';
import { newTicket } from './legacy-ticket-store.ts';
import { atOnce } from './expectations.ts';
import { newHash, newId, newSubmission, plantDataKey, plantSession, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<
  StoreWorld,
  | 'dataKeyStore'
  | 'expiredRecords'
  | 'failureCounters'
  | 'legacyTickets'
  | 'passkeyChallenges'
  | 'refreshTokenStore'
  | 'signInChallenges'
  | 'unitOfWork'
>;

/** Long before the records of any other suite, which are left alone by this. */
const LONG_AGO = new Date('2001-03-01T09:30:00.123Z');
const ago = (seconds: number): Date => addSeconds(LONG_AGO, seconds);
const DAY = 86_400;

/** Plants a record whose time is over at `end`. */
type Plant = (world: World, end: Date) => Promise<unknown>;

async function plantEntry(world: World, user: User, settled: Date | null, createdAt: Date) {
  const keyId = await plantDataKey(world, user.tenantId);
  const entry = newOutboxEntry(user.tenantId, keyId, { createdAt });
  const { outbox } = world.unitOfWork.stores(user.tenantId);
  await outbox.add(entry);
  if (settled) await outbox.settle(entry.id, 'done', settled);
  return entry;
}

async function plantEnded(world: World, end: Date, hash = newHash()): Promise<void> {
  const user = await plantUser(world);
  const expiresAt = addSeconds(end, 30 * DAY);
  const createdAt = addSeconds(end, -60);
  const session = await plantSession(world, user, { createdAt, idleExpiresAt: expiresAt, expiresAt }, hash);
  await world.unitOfWork.stores(user.tenantId).sessions.end(user.id, session.id, 'signed-out', end);
}

async function plantLive(world: World, expiresAt: Date, hash = newHash()): Promise<void> {
  const createdAt = addSeconds(expiresAt, -2 * DAY);
  const idleExpiresAt = addSeconds(expiresAt, -DAY);
  await plantSession(world, await plantUser(world), { createdAt, idleExpiresAt, expiresAt }, hash);
}

async function plantIdempotencyKey({ unitOfWork }: World, user: User, expiresAt: Date): Promise<void> {
  const record = {
    keyHash: newHash(),
    tenantId: user.tenantId,
    fingerprint: newHash(),
    resourceId: newId(),
    createdAt: addSeconds(expiresAt, -DAY),
    expiresAt,
  };
  await unitOfWork.run(user.tenantId, ({ idempotencyKeys }) => idempotencyKeys.claim(record));
}

async function plantReceipt(world: World, expiresAt: Date): Promise<void> {
  const { tenantId } = await plantUser(world);
  const keyId = await plantDataKey(world, tenantId);
  const receipt = { hash: newHash(), expiresAt };
  const anonymous = newSubmission(keyId, { tenantId, patientId: null }, LONG_AGO, receipt);
  await world.unitOfWork.stores(tenantId).cases.add(anonymous);
}

const PLANTS: Readonly<Record<ExpiredKind, Plant>> = {
  sessions: plantEnded,
  oneTimeTokens: async (world, expiresAt) => {
    const user = await plantUser(world);
    await world.unitOfWork.stores(user.tenantId).oneTimeTokens.put(newToken(user, { expiresAt }));
  },
  signInChallenges: async (world, expiresAt) =>
    world.signInChallenges.add(newChallenge(await plantUser(world), { expiresAt })),
  passkeyChallenges: ({ passkeyChallenges }, expiresAt) =>
    passkeyChallenges.add({
      hash: newHash(),
      use: { kind: 'authentication', signInChallengeId: null },
      expiresAt,
    }),
  failureCounters: ({ failureCounters }, failedAt) => failureCounters.reserve(newHash(), failedAt),
  outboxEntries: async (world, settledAt) =>
    plantEntry(world, await plantUser(world), settledAt, addSeconds(settledAt, -DAY)),
  idempotencyKeys: async (world, expiresAt) => plantIdempotencyKey(world, await plantUser(world), expiresAt),
  caseReceipts: plantReceipt,
  legacyTickets: ({ legacyTickets }, expiresAt) => legacyTickets.add(newTicket({ expiresAt })),
};

const KINDS = Object.keys(PLANTS) as ExpiredKind[];
/** More than any of the tests plants. */
const MANY = 1_000;

/** Nothing is left of an earlier test. */
async function opened(open: OpenWorld<keyof World>): Promise<World> {
  const world = await open();
  for (const kind of KINDS) await world.expiredRecords.remove(kind, ago(1_000 * DAY), MANY);
  return world;
}

/** What every `ExpiredRecords` removes, and what it leaves. */
export function expiredRecordsContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as ExpiredRecords`, () => {
    for (const kind of KINDS) removingContract(kind, () => opened(open));
    sessionsContract(() => opened(open));
    keepingContract(() => opened(open));
  });
}

function removingContract(kind: ExpiredKind, open: () => Promise<World>): void {
  describe(`removing ${kind}`, () => {
    it('takes those whose time was over before, to the millisecond, and each once', async () => {
      const world = await open();
      for (const seconds of [-60, -0.001, 0, 60]) await PLANTS[kind](world, ago(seconds));
      const removed: number[] = [];
      for (const before of [LONG_AGO, LONG_AGO, ago(0.001), ago(61)]) {
        removed.push(await world.expiredRecords.remove(kind, before, MANY));
      }
      expect(removed).to.deep.equal([2, 0, 1, 1]);
    });

    it('takes no more at once than it is told to', async () => {
      const world = await open();
      for (let index = 0; index < 5; index += 1) await PLANTS[kind](world, LONG_AGO);
      const removed: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        removed.push(await world.expiredRecords.remove(kind, ago(1), 2));
      }
      expect(removed).to.deep.equal([2, 2, 1, 0]);
    });

    it('counts each once where several remove at once', async () => {
      await checkParallelRemovals(await open(), kind);
    });
  });
}

/**
 * Removes six records of a kind by four at once: each is counted once, and none is left.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelRemovals(world: World, kind: ExpiredKind): Promise<void> {
  for (let index = 0; index < 6; index += 1) await PLANTS[kind](world, LONG_AGO);
  const { expiredRecords } = world;
  const removed = await atOnce(4, () => expiredRecords.remove(kind, ago(1), MANY));
  expect(removed.reduce((sum, count) => sum + count)).to.equal(6);
  expect(await expiredRecords.remove(kind, ago(1), MANY)).to.equal(0);
}

function sessionsContract(open: () => Promise<World>): void {
  /** What becomes of a refresh token that is presented at a time when its session lived. */
  const presented = async ({ refreshTokenStore }: World, presentedHash: Uint8Array, now: Date) =>
    (await refreshTokenStore.rotate({ presentedHash, successorHash: newHash(), now, retrySeconds: 10 })).kind;

  it('takes the refresh tokens of a session with it', async () => {
    const world = await open();
    const hash = newHash();
    await plantLive(world, LONG_AGO, hash);
    const whenAlive = ago(-2 * DAY + 1);
    expect(await presented(world, hash, whenAlive)).to.equal('rotated');
    expect(await world.expiredRecords.remove('sessions', ago(1), MANY)).to.equal(1);
    expect(await presented(world, hash, whenAlive)).to.equal('invalid');
  });

  it('leaves a session that rests alone, with its token, until its whole life is over', async () => {
    const world = await open();
    const hash = newHash();
    await plantLive(world, LONG_AGO, hash);
    expect(await world.expiredRecords.remove('sessions', LONG_AGO, MANY)).to.equal(0);
    expect(await presented(world, hash, ago(-2 * DAY + 1))).to.equal('rotated');
    expect(await world.expiredRecords.remove('sessions', ago(0.001), MANY)).to.equal(1);
  });

  it('takes ended ones and expired ones together, and no more than it is told to', async () => {
    const world = await open();
    for (let index = 0; index < 3; index += 1) {
      await plantEnded(world, LONG_AGO);
      await plantLive(world, LONG_AGO);
    }
    const { expiredRecords } = world;
    const removed: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      removed.push(await expiredRecords.remove('sessions', ago(1), 4));
    }
    expect(removed).to.deep.equal([4, 2, 0]);
  });
}

function keepingContract(open: () => Promise<World>): void {
  it('leaves entries of the outbox that have not ended, however old they are', async () => {
    const world = await open();
    const user = await plantUser(world);
    const entry = await plantEntry(world, user, null, ago(-DAY));
    expect(await world.expiredRecords.remove('outboxEntries', LONG_AGO, MANY)).to.equal(0);
    expect(await world.unitOfWork.stores(user.tenantId).outbox.find(entry.id)).to.deep.equal(entry);
  });

  it('leaves entries of the outbox that still count for their recipient', async () => {
    const world = await open();
    const user = await plantUser(world);
    const entry = await plantEntry(world, user, ago(-1), ago(1));
    expect(await world.expiredRecords.remove('outboxEntries', LONG_AGO, MANY)).to.equal(0);
    const next = { ...entry, id: newId() };
    const { outbox } = world.unitOfWork.stores(user.tenantId);
    expect(await outbox.addWithin(next, 1, LONG_AGO)).to.equal(false);
    expect(await world.expiredRecords.remove('outboxEntries', ago(2), MANY)).to.equal(1);
    expect(await outbox.addWithin(next, 1, LONG_AGO)).to.equal(true);
  });

  it('goes by the last failure of an account, and forgets them all together', async () => {
    const { expiredRecords, failureCounters } = await open();
    const key = newHash();
    await failureCounters.reserve(key, ago(-DAY));
    await failureCounters.reserve(key, LONG_AGO);
    await failureCounters.giveBack(key);
    expect(await expiredRecords.remove('failureCounters', LONG_AGO, MANY)).to.equal(0);
    expect(await failureCounters.reserve(key, LONG_AGO)).to.include({ failures: 2 });
    expect(await expiredRecords.remove('failureCounters', ago(1), MANY)).to.equal(1);
    expect(await failureCounters.reserve(key, LONG_AGO)).to.include({ failures: 1 });
  });
}
