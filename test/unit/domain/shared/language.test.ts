import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalLanguage, DEFAULT_LANGUAGE } from '../../../../src/domain/shared/language.ts';

describe('A language tag', () => {
  for (const [written, canonical] of [
    ['he', 'he'],
    ['iw', 'he'],
    ['IW', 'he'],
    ['in', 'id'],
    ['EN-us', 'en-US'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['sr-Latn', 'sr-Latn'],
    ['es-419', 'es-419'],
  ] as const) {
    it(`has one spelling: ${written} is ${canonical}`, () => {
      expect(canonicalLanguage(written)).to.equal(canonical);
    });
  }

  for (const [what, text] of [
    ['an empty text', ''],
    ['a blank', ' '],
    ['a POSIX locale', 'en_US'],
    ['a word that is too long for a subtag', 'englishlanguage'],
    ['one letter', 'e'],
    ['a subtag twice', 'en-US-US'],
    ['a trailing hyphen', 'en-'],
    ['a leading blank', ' en'],
    ['two tags', 'en,he'],
    ['a NUL', 'en\0'],
    ['other letters than ASCII', 'עברית'],
  ] as const) {
    it(`is none where the text is ${what}`, () => {
      expect(canonicalLanguage(text)).to.equal(null);
    });
  }

  it('may have 35 characters and no more', () => {
    const longest = 'de-Latn-DE-1996-u-co-phonebk-x-abcd';
    expect(longest).to.have.length(35);
    expect(canonicalLanguage(longest)).to.equal(longest);
    expect(canonicalLanguage(`${longest}e`)).to.equal(null);
  });

  it('does not change when it is canonical already', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?$/), (text) => {
        const once = canonicalLanguage(text);
        if (once === null) expect.fail('a well-formed tag was refused');
        expect(canonicalLanguage(once)).to.equal(once);
      }),
    );
  });

  it('is English for people who name none', () => {
    expect(canonicalLanguage(DEFAULT_LANGUAGE)).to.equal('en');
  });
});
