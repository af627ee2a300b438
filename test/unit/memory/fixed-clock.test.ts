import { expect } from 'chai';
import { FixedClock } from '../../../src/adapters/memory/fixed-clock.ts';
import { SequentialIdGenerator } from '../../../src/adapters/memory/sequential-id-generator.ts';

describe('FixedClock', () => {
  it('stands still until it is moved', () => {
    const clock = new FixedClock(new Date('2026-03-01T08:00:00Z'));
    expect(clock.now()).to.deep.equal(new Date('2026-03-01T08:00:00Z'));
    clock.advance(0.5);
    clock.advance(60);
    expect(clock.now()).to.deep.equal(new Date('2026-03-01T08:01:00.500Z'));
  });
});

describe('SequentialIdGenerator', () => {
  it('gives UUIDv7 values that sort in the order in which they were made, the same in each run', () => {
    const [one, other] = [new SequentialIdGenerator(), new SequentialIdGenerator()];
    const ids = Array.from({ length: 300 }, () => one.next());
    expect(ids).to.deep.equal([...ids].sort());
    expect(new Set(ids).size).to.equal(300);
    expect(ids).to.deep.equal(Array.from({ length: 300 }, () => other.next()));
    for (const id of ids) {
      expect(id).to.match(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }
  });
});
