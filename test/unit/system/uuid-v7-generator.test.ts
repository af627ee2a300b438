import { expect } from 'chai';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';

describe('UuidV7Generator', () => {
  const generator = new UuidV7Generator();

  it('makes UUIDs of version 7', () => {
    expect(generator.next()).to.match(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('puts the time in front', () => {
    const before = Date.now();
    const milliseconds = Number.parseInt(generator.next().replaceAll('-', '').slice(0, 12), 16);
    // A generator that ran ahead of the clock within a millisecond may be a little early.
    expect(milliseconds).to.be.within(before, Date.now() + 50);
  });

  it('makes ids that differ and sort by the order in which they were made', () => {
    const ids = Array.from({ length: 20_000 }, () => generator.next());
    expect(ids).to.deep.equal([...new Set(ids)].sort());
  });
});
