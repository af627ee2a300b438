import { expect } from 'chai';
import { SystemClock } from '../../../src/adapters/system/system-clock.ts';

describe('SystemClock', () => {
  it('tells the time of the machine', () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(now.getTime()).to.be.within(before, Date.now());
  });

  it('gives a new instant each time, so that nobody can change what another was told', () => {
    const clock = new SystemClock();
    const first = clock.now();
    first.setFullYear(1970);
    expect(clock.now().getFullYear()).to.not.equal(1970);
  });
});
