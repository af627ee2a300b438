import { expect } from 'chai';
import fc from 'fast-check';
import {
  CaseLimitRejected,
  LanguageRejected,
  PoolRejected,
  TooManyLanguages,
} from '../../../../src/domain/identity/errors.ts';
import {
  changePhysician,
  createPhysician,
  type Physician,
  type PhysicianChanges,
} from '../../../../src/domain/identity/physician.ts';
import { addSeconds } from '../../../../src/domain/shared/time.ts';
import { aPhysician, NOW } from '../../../support/builders.ts';

const LATER = addSeconds(NOW, 60);

/** So many languages that differ. */
const tags = (count: number, region = 'x'): string[] =>
  Array.from({ length: count }, (_, index) => `en-${region}-${String(index)}`);

const made = (given: PhysicianChanges = {}): Physician =>
  createPhysician(
    'physician',
    { tenantId: 'tenant', userId: 'user', languagePreference: 'he', ...given },
    NOW,
  );

const changed = (changes: PhysicianChanges, given: Partial<Physician> = {}): Physician =>
  changePhysician(
    aPhysician({ languagePreference: 'he', languages: ['he', 'en'], ...given }),
    changes,
    LATER,
  );

describe('A physician', () => {
  it('at the first moment answers in the preferred language, for the shared pool, ten cases at a time', () => {
    expect(made()).to.deep.equal({
      id: 'physician',
      tenantId: 'tenant',
      userId: 'user',
      languagePreference: 'he',
      languages: ['he'],
      privatePool: null,
      vacationMode: false,
      maxOpenCases: 10,
      createdAt: NOW,
      updatedAt: NOW,
      version: 1,
    });
  });

  it('is what is given instead of that', () => {
    const given = { languages: ['he', 'ru'], privatePool: 'north', vacationMode: true, maxOpenCases: 3 };
    expect(made(given)).to.deep.include(given);
  });

  it('changes what is told, when, and the version', () => {
    const before = aPhysician({ vacationMode: true });
    const after = changePhysician(before, { vacationMode: false, privatePool: 'north' }, LATER);
    expect(after).to.deep.equal({
      ...before,
      vacationMode: false,
      privatePool: 'north',
      updatedAt: LATER,
      version: 2,
    });
    expect(changePhysician(after, { privatePool: null }, LATER).privatePool).to.equal(null);
  });

  it('is the very same after changes that change nothing', () => {
    const before = aPhysician({ languages: ['en', 'he'], privatePool: 'north' });
    const same = { languagePreference: 'EN', languages: ['iw', 'en'], privatePool: ' north ' };
    expect(changePhysician(before, {}, LATER)).to.equal(before);
    expect(changePhysician(before, { ...same, vacationMode: false, maxOpenCases: 10 }, LATER)).to.equal(
      before,
    );
  });

  describe('has languages', () => {
    it('in canonical form', () => {
      expect(made({ languages: ['EN-us', 'iw'], languagePreference: 'IW' })).to.deep.include({
        languagePreference: 'he',
        languages: ['he', 'en-US'],
      });
    });

    it('of which the preferred one is the first, and is there even if it was not named', () => {
      expect(made({ languages: ['en', 'he', 'ru'] }).languages).to.deep.equal(['he', 'en', 'ru']);
      expect(made({ languages: ['en', 'ru'] }).languages).to.deep.equal(['he', 'en', 'ru']);
      expect(made({ languages: [] }).languages).to.deep.equal(['he']);
      expect(changed({ languages: ['fr'] }).languages).to.deep.equal(['he', 'fr']);
    });

    it('of which a new preference is one more', () => {
      expect(changed({ languagePreference: 'ru' })).to.deep.include({
        languagePreference: 'ru',
        languages: ['ru', 'he', 'en'],
      });
      expect(changed({ languagePreference: 'en' }).languages).to.deep.equal(['en', 'he']);
    });

    it('of which both are changed at once', () => {
      const changes = { languagePreference: 'ar', languages: ['fr', 'ar'] };
      expect(changed(changes).languages).to.deep.equal(['ar', 'fr']);
    });

    it('that are not lost with a change of anything else', () => {
      expect(changed({ maxOpenCases: 2 })).to.deep.include({
        languagePreference: 'he',
        languages: ['he', 'en'],
      });
    });

    it('at most 20, the preferred one and no repetition counted', () => {
      expect(made({ languages: tags(19) }).languages).to.have.length(20);
      expect(made({ languages: [...tags(19), ...tags(19), 'iw'] }).languages).to.have.length(20);
      expect(() => made({ languages: tags(20) })).to.throw(TooManyLanguages);
      const full = { languages: ['he', ...tags(19)] };
      expect(() => changed({ languagePreference: 'ru' }, full)).to.throw(TooManyLanguages);
    });

    it('and no other texts', () => {
      for (const tag of ['', 'x', '1', 'en_US', ' en', 'a'.repeat(36)]) {
        expect(() => made({ languagePreference: tag }), tag).to.throw(LanguageRejected);
        expect(() => changed({ languages: ['en', tag] }), tag).to.throw(LanguageRejected);
      }
    });

    it('of that form whatever is said', () => {
      const tag = fc.constantFrom('en', 'EN', 'iw', 'he', 'pt-br', 'pt-BR', 'ru', 'ar');
      const changes = fc.record(
        { languagePreference: tag, languages: fc.array(tag, { maxLength: 10 }) },
        { requiredKeys: [] },
      );
      fc.assert(
        fc.property(fc.array(changes, { minLength: 1, maxLength: 5 }), (steps) => {
          const { languagePreference, languages } = steps.reduce(
            (physician, step) => changePhysician(physician, step, LATER),
            made(),
          );
          expect(languages[0]).to.equal(languagePreference);
          expect(new Set(languages).size).to.equal(languages.length);
          expect(Intl.getCanonicalLocales([...languages])).to.deep.equal(languages);
        }),
      );
    });
  });

  it('serves a pool whose name is kept in one form', () => {
    expect(made({ privatePool: ' no\u0308rth ' }).privatePool).to.equal('nörth');
    for (const privatePool of ['', '  ', 'x'.repeat(101), 'a\0', '\ud800']) {
      expect(() => made({ privatePool })).to.throw(PoolRejected);
      expect(() => changed({ privatePool })).to.throw(PoolRejected);
    }
  });

  it('has from 1 to 1,000 open cases at a time', () => {
    for (const maxOpenCases of [1, 1000]) {
      expect(made({ maxOpenCases }).maxOpenCases).to.equal(maxOpenCases);
    }
    for (const maxOpenCases of [0, -1, 1001, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => made({ maxOpenCases })).to.throw(CaseLimitRejected);
      expect(() => changed({ maxOpenCases })).to.throw(CaseLimitRejected);
    }
  });
});
