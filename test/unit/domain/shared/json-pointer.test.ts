import { expect } from 'chai';
import fc from 'fast-check';
import { parseJsonPointer, valueAt, writeJsonPointer } from '../../../../src/domain/shared/json-pointer.ts';

/** The example of RFC 6901, section 5, and some more. */
const DOCUMENT: unknown = JSON.parse(
  '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8," ":7,"~1":9,"deep":{"er":[{"x":"y"}]},"none":null}',
);

describe('A JSON pointer', () => {
  for (const [text, expected] of [
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/foo/1', 'baz'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/m~0n', 8],
    ['/ ', 7],
    ['/~01', 9],
    ['/deep/er/0/x', 'y'],
    ['/none', null],
    ['/foo/2', undefined],
    ['/foo/01', undefined],
    ['/foo/-', undefined],
    ['/foo/length', undefined],
    ['/foo/0/0', undefined],
    ['/none/x', undefined],
    ['/missing/x', undefined],
    ['/constructor', undefined],
    ['/__proto__', undefined],
    ['/foo/__proto__', undefined],
    ['/toString/name', undefined],
  ] as const) {
    it(`finds ${JSON.stringify(expected)} at ${text}`, () => {
      expect(valueAt(DOCUMENT, parseJsonPointer(text)!)).to.deep.equal(expected);
    });
  }

  for (const text of ['', 'foo', '/a~', '/a~2b', '#/foo', 'passport.user']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(parseJsonPointer(text)).to.equal(null);
    });
  }

  it('finds what it was made to, and never throws, whatever the document', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), fc.jsonValue(), (tokens, value) => {
        const pointer = parseJsonPointer(writeJsonPointer(tokens))!;
        expect(pointer).to.deep.equal(tokens);
        const json = tokens.reduceRight(
          (inner, token) => `{${JSON.stringify(token)}:${inner}}`,
          JSON.stringify(value),
        );
        expect(valueAt(JSON.parse(json), pointer)).to.deep.equal(JSON.parse(JSON.stringify(value)));
        valueAt(value, pointer);
      }),
    );
  });
});
