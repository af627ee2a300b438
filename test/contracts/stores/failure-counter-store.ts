import { expect } from 'chai';
import {
  type FailureCounter,
  reserveAttempt,
  type Reservation,
} from '../../../src/domain/access/failure-counter.ts';
import { at, newHash, NOW } from './fixtures.ts';
import { atOnce } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'failureCounters'>;

/** Failures in a row, and the lock in seconds that the last of them brings. */
const LOCKS: readonly (readonly [failures: number, seconds: number])[] = [
  [10, 1],
  [11, 2],
  [12, 4],
  [13, 8],
  [14, 16],
  [15, 32],
  [16, 64],
  [17, 128],
  [18, 256],
  [19, 512],
  [20, 900],
  [21, 900],
  [40, 900],
];

const reserved = (failures: number): Reservation => ({ kind: 'reserved', failures });
const locked = (retryAfterSeconds: number): Reservation => ({ kind: 'locked', retryAfterSeconds });

/** What every `FailureCounterStore` keeps. */
export function failureCounterStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a FailureCounterStore`, () => {
    figuresContract(open);
    concurrencyContract(open);
  });
}

function figuresContract(open: OpenWorld<keyof World>): void {
  it('locks for the seconds that the table says, each lock counted from the failure before it', async () => {
    const { failureCounters } = await open();
    const key = newHash();
    let failures = 0;
    let now = NOW;
    for (const [untilFailures, seconds] of LOCKS) {
      while (failures < untilFailures) {
        // 900 s on, no lock is left.
        now = new Date(now.getTime() + 900_000);
        expect(await failureCounters.reserve(key, now)).to.deep.equal(reserved(failures + 1));
        failures += 1;
      }
      expect(await failureCounters.reserve(key, now)).to.deep.equal(locked(seconds));
      const almost = new Date(now.getTime() + seconds * 1000 - 1);
      expect(await failureCounters.reserve(key, almost)).to.deep.equal(locked(1));
    }
  });

  it('takes the same decisions as the rule of the domain, wherever the attempts fall', async () => {
    const { failureCounters } = await open();
    const key = newHash();
    let counter: FailureCounter | null = null;
    let now = NOW;
    for (let step = 0; step < 60; step += 1) {
      // A fixed walk through gaps shorter than, equal to and longer than the locks.
      now = new Date(now.getTime() + [0, 1, 400, 999, 1000, 3001, 64_000, 899_999, 900_000][(step * 7) % 9]!);
      const expected: ReturnType<typeof reserveAttempt> = reserveAttempt(counter, now);
      counter = expected.counter;
      expect(await failureCounters.reserve(key, now), `step ${String(step)}`).to.deep.equal(
        expected.reservation,
      );
    }
  });

  it('does not count what it refuses', async () => {
    const { failureCounters } = await open();
    const key = newHash();
    for (let index = 0; index < 10; index += 1) await failureCounters.reserve(key, NOW);
    for (let index = 0; index < 5; index += 1) {
      expect(await failureCounters.reserve(key, at(0.5))).to.deep.equal(locked(1));
    }
    expect(await failureCounters.reserve(key, at(1))).to.deep.equal(reserved(11));
    expect(await failureCounters.reserve(key, at(1))).to.deep.equal(locked(2));
  });

  it('takes attempts back as the rule of the domain does, and none of a key without any', async () => {
    const { failureCounters } = await open();
    const [key, unknown] = [newHash(), newHash()];
    await failureCounters.giveBack(unknown);
    for (let index = 0; index < 10; index += 1) await failureCounters.reserve(key, NOW);
    await failureCounters.giveBack(key);
    expect(await failureCounters.reserve(key, NOW)).to.deep.equal(reserved(10));
    expect(await failureCounters.reserve(key, NOW)).to.deep.equal(locked(1));
    expect(await failureCounters.reserve(key, at(1))).to.deep.equal(reserved(11));
    await failureCounters.giveBack(key);
    expect(await failureCounters.reserve(key, at(1))).to.deep.equal(reserved(11));
    expect(await failureCounters.reserve(key, at(1))).to.deep.equal(locked(2));
    for (let index = 0; index < 12; index += 1) await failureCounters.giveBack(key);
    for (let index = 0; index < 10; index += 1) {
      expect(await failureCounters.reserve(key, at(1))).to.deep.equal(reserved(index + 1));
    }
    expect(await failureCounters.reserve(key, at(1))).to.deep.equal(locked(1));
  });

  it('lifts a lock and keeps the count, and none of a key without any', async () => {
    const { failureCounters } = await open();
    const [key, unknown] = [newHash(), newHash()];
    await failureCounters.lift(unknown);
    expect(await failureCounters.reserve(unknown, NOW)).to.deep.equal(reserved(1));
    for (let index = 0; index < 10; index += 1) await failureCounters.reserve(key, NOW);
    for (const [failures, seconds] of LOCKS.slice(1, 11)) {
      await failureCounters.lift(key);
      expect(await failureCounters.reserve(key, NOW)).to.deep.equal(reserved(failures));
      expect(await failureCounters.reserve(key, NOW)).to.deep.equal(locked(seconds));
    }
    const [free, other] = [newHash(), newHash()];
    await failureCounters.reserve(free, NOW);
    for (let index = 0; index < 10; index += 1) await failureCounters.reserve(other, NOW);
    await failureCounters.lift(free);
    expect(await failureCounters.reserve(free, NOW)).to.deep.equal(reserved(2));
    expect(await failureCounters.reserve(other, NOW)).to.deep.equal(locked(1));
  });

  it('counts each key by itself, and forgets one when it is cleared', async () => {
    const { failureCounters } = await open();
    const [first, second] = [newHash(), newHash()];
    await failureCounters.clear(first);
    for (let index = 0; index < 10; index += 1) await failureCounters.reserve(first, NOW);
    expect(await failureCounters.reserve(second, NOW)).to.deep.equal(reserved(1));
    await failureCounters.clear(first);
    for (let index = 0; index < 10; index += 1) {
      expect(await failureCounters.reserve(first, NOW)).to.deep.equal(reserved(index + 1));
    }
    expect(await failureCounters.reserve(first, NOW)).to.deep.equal(locked(1));
  });
}

function concurrencyContract(open: OpenWorld<keyof World>): void {
  it('lets ten of fifty attempts made at once through on a fresh key', async () => {
    await checkParallelAttempts(await open());
  });

  it('lets one of fifty through when a lock has just ended', async () => {
    const { failureCounters } = await open();
    const key = newHash();
    for (let index = 0; index < 10; index += 1) await failureCounters.reserve(key, NOW);
    const reservations = await atOnce(50, () => failureCounters.reserve(key, at(1)));
    expect(reservations.filter(({ kind }) => kind === 'reserved')).to.deep.equal([reserved(11)]);
    expect(reservations.filter(({ kind }) => kind === 'locked')).to.deep.equal(
      Array.from({ length: 49 }, () => locked(2)),
    );
  });
}

/**
 * Makes fifty attempts at once on a fresh key: ten are reserved, each with a number of its own, and the lock of one second that the tenth brings refuses the others.
 *
 * @throws {AssertionError} for a store that reads first and writes later
 */
export async function checkParallelAttempts({ failureCounters }: World): Promise<void> {
  const key = newHash();
  const reservations = await atOnce(50, () => failureCounters.reserve(key, NOW));
  expect(reservations.filter(({ kind }) => kind === 'reserved')).to.have.deep.members(
    Array.from({ length: 10 }, (_, index) => reserved(index + 1)),
  );
  expect(reservations.filter(({ kind }) => kind === 'locked')).to.deep.equal(
    Array.from({ length: 40 }, () => locked(1)),
  );
}
