import { expect } from 'chai';
import fc from 'fast-check';
import { chooseLanguage } from '../../../src/adapters/http/pages/choose-language.ts';
import { PAGE_LANGUAGES } from '../../../src/adapters/http/pages/page-language.ts';

describe('The language of a page', () => {
  it('is the one asked for, whatever the browser prefers', () => {
    for (const language of PAGE_LANGUAGES) {
      expect(chooseLanguage(language, 'de, ru;q=0.5')).to.equal(language);
    }
    expect(chooseLanguage('HE-il', 'ru')).to.equal('he');
  });

  it('is the one that the browser likes best, where none is asked for that a page has', () => {
    for (const asked of [undefined, '', 'de', 'not a language', '../en']) {
      expect(chooseLanguage(asked, 'ru'), asked).to.equal('ru');
    }
  });

  const preferences: readonly (readonly [accepted: string, language: string])[] = [
    ['he-IL,he;q=0.9,en-US;q=0.8,en;q=0.7', 'he'],
    ['en;q=0.1, ar-EG ; q=0.3 ,ru;q=0.2', 'ar'],
    ['de-DE, fr;q=0.9, ru;q=0.1', 'ru'],
    ['ar;q=0.5, ru;q=0.5', 'ar'],
    ['en-GB;q=0, en;q=0.4, he;q=0.3', 'en'],
    ['iw', 'he'],
    ['RU;Q=1.000', 'ru'],
    ['en;q=0, *;q=0.1', 'he'],
    ['he;q=0.1, *;q=0.2', 'en'],
    ['*', 'en'],
    ['en;q=0', 'en'],
    ['de', 'en'],
    ['', 'en'],
    ['ru;q=2, ar;q=-1, he;q=0.1234, en;level=1', 'en'],
    ['ru;q=2, ar;q=0.001', 'ar'],
  ];
  for (const [accepted, language] of preferences) {
    it(`is ${language} for "${accepted}"`, () => {
      expect(chooseLanguage(undefined, accepted)).to.equal(language);
    });
  }

  it('is English where the browser says nothing', () => {
    expect(chooseLanguage()).to.equal('en');
  });

  it('is a language of the pages, whatever is sent', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z*;,=q.0-9 -]*$/));
    fc.assert(
      fc.property(text, text, (asked, accepted) => {
        expect(PAGE_LANGUAGES).to.include(chooseLanguage(asked, accepted));
      }),
    );
  });
});
