import { expect } from 'chai';
import { fillIn } from '../../../src/adapters/mail/fill-in.ts';

const asItIs = (value: string): string => value;

describe('fillIn', () => {
  it('puts each value in its place, as often as there is one', () => {
    expect(fillIn('{one} and {two}, {one}', { one: '1', two: '2' }, asItIs)).to.equal('1 and 2, 1');
  });

  it('writes values in the way that it is told to', () => {
    expect(fillIn('<{one}>', { one: '1' }, (value) => `[${value}]`)).to.equal('<[1]>');
  });

  it('does not look for places in values', () => {
    expect(fillIn('{one}', { one: '{two} $& $1', two: '2' }, asItIs)).to.equal('{two} $& $1');
  });

  it('does not write a mail with a place that stays open', () => {
    for (const place of ['missing', 'constructor', 'toString']) {
      expect(() => fillIn(`{${place}}`, {}, asItIs), place).to.throw(place);
    }
  });
});
