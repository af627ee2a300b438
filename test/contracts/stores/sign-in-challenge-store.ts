import { expect } from 'chai';
import {
  CHALLENGE_ATTEMPTS,
  type ChallengeReservation,
  type SignInChallenge,
} from '../../../src/domain/access/sign-in-challenge.ts';
import { newChallenge } from './access-fixtures.ts';
import { atOnce, failureOf } from './expectations.ts';
import { at, newId, NOW, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork' | 'signInChallenges'>;

const UNKNOWN: ChallengeReservation = { kind: 'unknown' };
const spent = (retryAfterSeconds: number): ChallengeReservation => ({ kind: 'spent', retryAfterSeconds });
const reserved = (challenge: SignInChallenge): ChallengeReservation => ({ kind: 'reserved', challenge });

async function plantChallenge(world: World, given: Partial<SignInChallenge> = {}): Promise<SignInChallenge> {
  const challenge = newChallenge(await plantUser(world), given);
  await world.signInChallenges.add(challenge);
  return challenge;
}

async function reserveTimes(
  { signInChallenges }: World,
  { id }: SignInChallenge,
  times: number,
): Promise<void> {
  for (let index = 0; index < times; index += 1) await signInChallenges.reserve(id, NOW);
}

/**
 * Answers one challenge fifty times at once: as many are reserved as may be wrong, and no more.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelAnswers(world: World): Promise<void> {
  const challenge = await plantChallenge(world);
  const reservations = await atOnce(50, () => world.signInChallenges.reserve(challenge.id, NOW));
  const kept = reservations.filter(({ kind }) => kind === 'reserved');
  expect(kept).to.deep.equal(Array.from({ length: CHALLENGE_ATTEMPTS }, () => reserved(challenge)));
  expect(reservations.filter(({ kind }) => kind === 'spent')).to.deep.equal(
    Array.from({ length: 50 - CHALLENGE_ATTEMPTS }, () => spent(300)),
  );
}

/** What every `SignInChallengeStore` keeps. */
export function signInChallengeStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a SignInChallengeStore`, () => {
    describe('adding', () => {
      addingContract(open);
    });
    describe('reserving', () => {
      reservingContract(open);
    });
    describe('completing', () => {
      completingContract(open);
    });
  });
}

function addingContract(open: OpenWorld<keyof World>): void {
  it('gives back exactly what was added', async () => {
    const world = await open();
    const full = await plantChallenge(world, { amr: ['pwd', 'swk'], tokenEpoch: 7, createdAt: at(-3) });
    const bare = await plantChallenge(world, { amr: [], passwordFingerprint: null });
    const bound = await plantChallenge(world, { legacy: { sid: 'a sid', expiresAt: at(40) } });
    for (const challenge of [full, bare, bound]) {
      expect(await world.signInChallenges.find(challenge.id, NOW)).to.deep.equal(challenge);
      expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal(reserved(challenge));
    }
  });

  it('finds nothing by an id that no challenge has, nor from the moment on when it expires', async () => {
    const world = await open();
    const { id } = await plantChallenge(world, { expiresAt: at(60) });
    expect(await world.signInChallenges.find(newId(), NOW)).to.equal(null);
    expect(await world.signInChallenges.find(id, at(59.999))).to.not.equal(null);
    expect(await world.signInChallenges.find(id, at(60))).to.equal(null);
  });

  it('takes no challenge for an account that its tenant does not have', async () => {
    const world = await open();
    const [own, stranger] = [await plantUser(world), await plantUser(world)];
    const challenge = newChallenge({ ...stranger, tenantId: own.tenantId });
    await failureOf(world.signInChallenges.add(challenge));
    expect(await world.signInChallenges.find(challenge.id, NOW)).to.equal(null);
  });

  it('keeps several of one account side by side', async () => {
    const world = await open();
    const user = await plantUser(world);
    const challenges = [newChallenge(user), newChallenge(user)];
    for (const challenge of challenges) await world.signInChallenges.add(challenge);
    await reserveTimes(world, challenges[0]!, CHALLENGE_ATTEMPTS);
    expect(await world.signInChallenges.reserve(challenges[1]!.id, NOW)).to.deep.equal(
      reserved(challenges[1]!),
    );
  });
}

function reservingContract(open: OpenWorld<keyof World>): void {
  it('lets as many answers through as may be wrong, and then tells when the challenge ends', async () => {
    const world = await open();
    const challenge = await plantChallenge(world, { expiresAt: at(60) });
    for (let index = 0; index < CHALLENGE_ATTEMPTS; index += 1) {
      expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal(reserved(challenge));
    }
    expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal(spent(60));
    expect(await world.signInChallenges.reserve(challenge.id, at(0.001))).to.deep.equal(spent(60));
    expect(await world.signInChallenges.reserve(challenge.id, at(59.999))).to.deep.equal(spent(1));
    expect(await world.signInChallenges.reserve(challenge.id, at(60))).to.deep.equal(UNKNOWN);
  });

  it('lets no more through where many answer at once', async () => {
    await checkParallelAnswers(await open());
  });

  it('knows no challenge that never was, has expired, or was completed', async () => {
    const world = await open();
    const expired = await plantChallenge(world, { expiresAt: at(60) });
    const completed = await plantChallenge(world);
    await world.signInChallenges.complete(completed.id, NOW);
    expect(await world.signInChallenges.reserve(newId(), NOW)).to.deep.equal(UNKNOWN);
    expect(await world.signInChallenges.reserve(expired.id, at(60))).to.deep.equal(UNKNOWN);
    expect(await world.signInChallenges.reserve(completed.id, NOW)).to.deep.equal(UNKNOWN);
  });

  it('hears one more answer for each that was given back, and none for what was never reserved', async () => {
    const world = await open();
    const challenge = await plantChallenge(world);
    await world.signInChallenges.giveBack(newId());
    await world.signInChallenges.giveBack(challenge.id);
    await reserveTimes(world, challenge, CHALLENGE_ATTEMPTS);
    expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal(spent(300));
    await world.signInChallenges.giveBack(challenge.id);
    expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal(reserved(challenge));
    expect(await world.signInChallenges.reserve(challenge.id, NOW)).to.deep.equal(spent(300));
  });
}

function completingContract(open: OpenWorld<keyof World>): void {
  it('closes a challenge once', async () => {
    const world = await open();
    const { id } = await plantChallenge(world);
    expect(await world.signInChallenges.complete(id, NOW)).to.equal(true);
    expect(await world.signInChallenges.complete(id, NOW)).to.equal(false);
    expect(await world.signInChallenges.find(id, NOW)).to.equal(null);
  });

  it('closes a challenge whose last answer was right', async () => {
    const world = await open();
    const challenge = await plantChallenge(world);
    await reserveTimes(world, challenge, CHALLENGE_ATTEMPTS);
    expect(await world.signInChallenges.find(challenge.id, NOW)).to.deep.equal(challenge);
    expect(await world.signInChallenges.complete(challenge.id, NOW)).to.equal(true);
  });

  it('lets one of many through who complete a challenge at once', async () => {
    const world = await open();
    const { id } = await plantChallenge(world);
    const completed = await atOnce(20, () => world.signInChallenges.complete(id, NOW));
    expect(completed.filter(Boolean)).to.have.length(1);
  });

  it('closes nothing that never was, nor from the moment on when it expires', async () => {
    const world = await open();
    const { id } = await plantChallenge(world, { expiresAt: at(60) });
    expect(await world.signInChallenges.complete(newId(), NOW)).to.equal(false);
    expect(await world.signInChallenges.complete(id, at(60))).to.equal(false);
    expect(await world.signInChallenges.complete(id, at(59.999))).to.equal(true);
  });
}
