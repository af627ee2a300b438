import { expect } from 'chai';
import {
  answersIn,
  type Assignable,
  type Ineligibility,
  ineligibilityOf,
  isAway,
  mismatchOf,
} from '../../../../src/domain/cases/eligibility.ts';
import type { Physician } from '../../../../src/domain/identity/physician.ts';
import { aCase, anId, aPhysician } from '../../../support/builders.ts';

const assignable = (
  physician: Partial<Physician> = {},
  given: Partial<Omit<Assignable, 'physician'>> = {},
): Assignable => ({
  physician: aPhysician(physician),
  isActive: true,
  role: 'physician',
  openCases: 0,
  ...given,
});

const OTHER_TENANT = anId();

const MISMATCHES: readonly (readonly [string, Assignable, Ineligibility | null])[] = [
  ['a physician of the practice who shares pool and language', assignable(), null],
  ['a disabled account', assignable({}, { isActive: false }), 'inactive'],
  ['somebody of another role by now', assignable({}, { role: 'admin' }), 'inactive'],
  ['somebody on vacation', assignable({ vacationMode: true }), 'on-vacation'],
  ['somebody of a private pool', assignable({ privatePool: 'closed' }), 'other-pool'],
  ['somebody who does not answer in the language', assignable({ languages: ['he', 'ru'] }), 'other-language'],
  ['a physician of another tenant', assignable({ tenantId: OTHER_TENANT }), 'out-of-reach'],
];

describe('A case can be given', () => {
  for (const [name, to, mismatch] of MISMATCHES) {
    it(`${mismatch === null ? 'to' : 'not to'} ${name}`, () => {
      expect(mismatchOf(aCase(), to)).to.equal(mismatch);
      expect(ineligibilityOf(aCase(), to)).to.equal(mismatch);
    });
  }

  it('of another tenant to the practice, and to that tenant itself', () => {
    const found = aCase({ tenantId: OTHER_TENANT });
    expect(mismatchOf(found, assignable())).to.equal(null);
    expect(mismatchOf(found, assignable({ tenantId: OTHER_TENANT }))).to.equal(null);
    expect(mismatchOf(found, assignable({ tenantId: anId() }))).to.equal('out-of-reach');
  });

  it('of a private pool to that pool only, and to the shared physicians once it has overflowed', () => {
    const closed = aCase({ pool: 'hearts' });
    const overflowed = aCase({ pool: 'hearts', flags: ['overflow'] });
    for (const [found, privatePool, mismatch] of [
      [closed, 'hearts', null],
      [closed, 'bones', 'other-pool'],
      [closed, null, 'other-pool'],
      [overflowed, 'hearts', null],
      [overflowed, 'bones', 'other-pool'],
      [overflowed, null, null],
    ] as const) {
      expect(mismatchOf(found, assignable({ privatePool })), `${privatePool}`).to.equal(mismatch);
    }
  });

  it('by himself to nobody who has as many open cases as he takes, though an admin may', () => {
    const full = assignable({ maxOpenCases: 3 }, { openCases: 3 });
    expect(ineligibilityOf(aCase(), full)).to.equal('limit-reached');
    expect(mismatchOf(aCase(), full)).to.equal(null);
    expect(ineligibilityOf(aCase(), assignable({ maxOpenCases: 3 }, { openCases: 2 }))).to.equal(null);
  });
});

describe('A language', () => {
  for (const [languages, language, answers] of [
    [['en'], 'en', true],
    [['en'], 'en-GB', true],
    [['en-GB'], 'en', false],
    [['en-GB'], 'en-US', false],
    [['e'], 'en', false],
    [['he', 'zh-Hant'], 'zh-Hant-TW', true],
    [['zh-Hant'], 'zh-Hans', false],
    [[], 'en', false],
  ] as const) {
    it(`${language} is ${answers ? '' : 'not '}answered by ${languages.join() || 'nobody'}`, () => {
      expect(answersIn(languages, language)).to.equal(answers);
    });
  }
});

describe('A physician is away', () => {
  it('on vacation, when his account is disabled, or when he is none any more', () => {
    expect(isAway(assignable())).to.equal(false);
    expect(isAway(assignable({ vacationMode: true }))).to.equal(true);
    expect(isAway(assignable({}, { isActive: false }))).to.equal(true);
    expect(isAway(assignable({}, { role: 'patient' }))).to.equal(true);
  });
});
