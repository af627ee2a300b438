import { expect } from 'chai';
import fc from 'fast-check';
import {
  type FailureCounter,
  FREE_FAILURES,
  liftLock,
  lockSeconds,
  MAX_LOCK_SECONDS,
  reserveAttempt,
} from '../../../../src/domain/access/failure-counter.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { NOW } from '../../../support/builders.ts';

/** The counter after as many attempts as given, each made as soon as it may be. */
function afterFailures(count: number): { readonly counter: FailureCounter | null; readonly now: Date } {
  let counter: FailureCounter | null = null;
  let now = NOW;
  for (let made = 0; made < count; made += 1) {
    now = counter?.lockedUntil ?? now;
    ({ counter } = reserveAttempt(counter, now));
  }
  return { counter, now };
}

describe('The failure counter', () => {
  it('brings no lock for the first nine failures', () => {
    for (let failures = 0; failures < FREE_FAILURES; failures += 1) {
      expect(lockSeconds(failures)).to.equal(0);
    }
  });

  it('locks for 1, 2, 4 … seconds from the tenth failure on, and for 15 minutes at most', () => {
    const locks = Array.from({ length: 13 }, (_, index) => lockSeconds(FREE_FAILURES + index));
    expect(locks).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    expect(MAX_LOCK_SECONDS).to.equal(15 * 60);
  });

  it('never locks for less after more failures, however many they are', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 100 }), (failures, more) => {
        const lock = lockSeconds(failures);
        expect(lock).to.be.at.least(0).and.at.most(MAX_LOCK_SECONDS);
        expect(Number.isInteger(lock)).to.equal(true);
        expect(lockSeconds(failures + more)).to.be.at.least(lock);
      }),
    );
  });

  it('counts from nothing, before anything is compared', () => {
    expect(reserveAttempt(null, NOW)).to.deep.equal({
      counter: { failures: 1, lockedUntil: null },
      reservation: { kind: 'reserved', failures: 1 },
    });
  });

  it('lets ten attempts through at one moment and refuses the eleventh', () => {
    let counter: FailureCounter | null = null;
    const kinds: string[] = [];
    for (let attempt = 1; attempt <= 11; attempt += 1) {
      const reserved = reserveAttempt(counter, NOW);
      counter = reserved.counter;
      kinds.push(reserved.reservation.kind);
    }
    expect(kinds).to.deep.equal([...Array<string>(10).fill('reserved'), 'locked']);
  });

  it('does not count an attempt that it refuses', () => {
    const { counter, now } = afterFailures(10);
    const refused = reserveAttempt(counter, now);
    expect(refused.counter).to.equal(counter);
    expect(refused.reservation).to.deep.equal({ kind: 'locked', retryAfterSeconds: 1 });
  });

  it('hears the next attempt at the very moment when the lock ends, not before', () => {
    const { counter, now } = afterFailures(12);
    const lockedUntil = addSeconds(now, 4);
    expect(counter).to.deep.equal({ failures: 12, lockedUntil });
    expect(reserveAttempt(counter, addSeconds(lockedUntil, -0.001)).reservation.kind).to.equal('locked');
    expect(reserveAttempt(counter, lockedUntil)).to.deep.equal({
      counter: { failures: 13, lockedUntil: addSeconds(lockedUntil, 8) },
      reservation: { kind: 'reserved', failures: 13 },
    });
  });

  it('hears one attempt once its lock was lifted, whose failure brings a longer lock', () => {
    const { counter, now } = afterFailures(12);
    const heard = reserveAttempt(counter && liftLock(counter), now);
    expect(heard.counter).to.deep.equal({ failures: 13, lockedUntil: addSeconds(now, 8) });
    expect(liftLock({ failures: 3, lockedUntil: null })).to.deep.equal({ failures: 3, lockedUntil: null });
  });

  it('does not forget failures because time went by', () => {
    const { counter } = afterFailures(9);
    const dayLater = reserveAttempt(counter, addSeconds(NOW, 86_400)).counter;
    expect(dayLater?.failures).to.equal(10);
    expect(dayLater?.lockedUntil).not.to.equal(null);
  });

  it('never names a time after which the next attempt would be refused again, nor a second too many', () => {
    const locks = fc.integer({ min: 1, max: 900_000 });
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 30 }), locks, (failures, milliseconds) => {
        const counter = { failures, lockedUntil: new Date(NOW.getTime() + milliseconds) };
        const { reservation } = reserveAttempt(counter, NOW);
        if (reservation.kind !== 'locked') expect.fail('the attempt was heard');
        expect(reservation.retryAfterSeconds).to.equal(Math.ceil(milliseconds / 1000));
      }),
    );
  });

  it('hears whoever waits as long as he is told, each time', () => {
    let { counter, now } = afterFailures(10);
    for (let lock = 1; lock <= 12; lock += 1) {
      const { reservation } = reserveAttempt(counter, now);
      if (reservation.kind !== 'locked') expect.fail('no lock');
      now = addSeconds(now, reservation.retryAfterSeconds);
      const heard = reserveAttempt(counter, now);
      expect(heard.reservation.kind).to.equal('reserved');
      counter = heard.counter;
    }
  });
});
