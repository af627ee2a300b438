import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/adapters/http/canonical-json.ts';

describe('Canonical JSON', () => {
  it('has no blanks, the fields of each object by name, and the entries of each list in their order', () => {
    const value = { b: [{ d: 1, c: 'two' }, null, true], a: undefined, A: '' };
    expect(canonicalJson(value)).to.equal('{"A":"","b":[{"c":"two","d":1},null,true]}');
  });

  it('says the same of equal values, whatever the order of their fields', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).to.equal(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('says different things of values that differ', () => {
    const texts = [{}, [], '', null, { a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, [1, 2], [2, 1]].map(
      canonicalJson,
    );
    expect(new Set(texts).size).to.equal(texts.length);
  });
});

/** The same value with the fields of each object the other way round. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
};
