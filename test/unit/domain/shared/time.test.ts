import { expect } from 'chai';
import fc from 'fast-check';
import { addSeconds, earlier, secondsUntil } from '../../../../src/domain/shared/time.ts';
import { NOW } from '../../../support/builders.ts';

const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('Time', () => {
  it('moves an instant by seconds, forwards, backwards and in parts of one', () => {
    expect(addSeconds(NOW, 90).toISOString()).to.equal('2026-03-01T08:01:30.000Z');
    expect(addSeconds(NOW, -90).toISOString()).to.equal('2026-03-01T07:58:30.000Z');
    expect(addSeconds(NOW, 0.25).toISOString()).to.equal('2026-03-01T08:00:00.250Z');
  });

  it('leaves the instant that it moves as it was', () => {
    const before = NOW.getTime();
    addSeconds(NOW, 1);
    expect(NOW.getTime()).to.equal(before);
  });

  it('counts whole seconds, rounded down', () => {
    expect(secondsUntil(NOW, addSeconds(NOW, 1.999))).to.equal(1);
    expect(secondsUntil(NOW, addSeconds(NOW, 2))).to.equal(2);
  });

  it('counts no seconds until an instant that is past', () => {
    expect(secondsUntil(NOW, NOW)).to.equal(0);
    expect(secondsUntil(NOW, addSeconds(NOW, -0.001))).to.equal(0);
    expect(secondsUntil(NOW, addSeconds(NOW, -3600))).to.equal(0);
  });

  it('counts back the whole seconds by which it moved', () => {
    fc.assert(
      fc.property(instants, fc.nat({ max: 40_000_000 }), (instant, seconds) => {
        expect(secondsUntil(instant, addSeconds(instant, seconds))).to.equal(seconds);
      }),
    );
  });

  it('tells the earlier of two instants, whichever comes first', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const first = earlier(a, b);
        expect([a, b]).to.include(first);
        expect(first.getTime()).to.equal(Math.min(a.getTime(), b.getTime()));
      }),
    );
  });
});
