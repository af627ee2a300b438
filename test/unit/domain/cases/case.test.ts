import { expect } from 'chai';
import fc from 'fast-check';
import {
  CASE_PRIORITIES,
  CASE_STATES,
  CASE_TEXT_MAX,
  checkCaseText,
  submitCase,
  submittedEvent,
} from '../../../../src/domain/cases/case.ts';
import { CaseLanguageRejected, CaseTextRejected } from '../../../../src/domain/cases/errors.ts';
import { aSubmission, NOW } from '../../../support/builders.ts';

const refuse = (text: string) => expect(() => checkCaseText(text)).to.throw(CaseTextRejected);
const take = (text: string) => expect(() => checkCaseText(text)).not.to.throw();

describe('A submitted case', () => {
  it('is queued, without a physician, at version 1', () => {
    const submission = aSubmission({ specialty: 'cardiology', vendorId: 'fund', pool: 'closed' });
    expect(submitCase('case', submission, NOW)).to.deep.equal({
      ...submission,
      id: 'case',
      state: 'queued',
      version: 1,
      physicianId: null,
      flags: [],
      dueAt: new Date('2026-03-04T08:00:00.000Z'),
      createdAt: NOW,
      updatedAt: NOW,
    });
  });

  for (const [priority, dueAt] of [
    ['asap', '2026-03-01T12:00:00.000Z'],
    ['urgent', '2026-03-02T08:00:00.000Z'],
    ['routine', '2026-03-04T08:00:00.000Z'],
  ] as const) {
    it(`of priority ${priority} is due at ${dueAt}`, () => {
      expect(submitCase('case', aSubmission({ priority }), NOW).dueAt.toISOString()).to.equal(dueAt);
    });
  }

  it('has its language in canonical form, and none that is no language', () => {
    expect(submitCase('case', aSubmission({ language: 'iw' }), NOW).language).to.equal('he');
    for (const language of ['', 'HE!!', '\0']) {
      expect(() => submitCase('case', aSubmission({ language }), NOW)).to.throw(CaseLanguageRejected);
    }
  });

  it('is due the sooner the more pressing it is', () => {
    const due = CASE_PRIORITIES.map((priority) =>
      submitCase('case', aSubmission({ priority }), NOW).dueAt.getTime(),
    );
    expect(due).to.deep.equal([...due].sort((a, b) => a - b));
    expect(new Set(due).size).to.equal(CASE_PRIORITIES.length);
  });

  it('is the first event of its life, by its patient', () => {
    const submitted = submitCase('case', aSubmission({ patientId: 'patient' }), NOW);
    expect(submittedEvent('event', submitted)).to.deep.equal({
      id: 'event',
      caseId: 'case',
      type: 'submitted',
      from: null,
      to: 'queued',
      version: 1,
      actorId: 'patient',
      at: NOW,
    });
  });

  it('has an event by nobody where it has no patient', () => {
    const submitted = submitCase('case', aSubmission({ patientId: null }), NOW);
    expect(submittedEvent('event', submitted).actorId).to.equal(null);
  });

  it('is in one of the states of the contract', () => {
    expect(CASE_STATES).to.include(submitCase('case', aSubmission(), NOW).state);
    expect(new Set(CASE_STATES).size).to.equal(11);
  });
});

describe('The text of a case', () => {
  it('has at least one character that is not blank', () => {
    take('?');
    take('  ?  ');
    refuse('');
    refuse(' ');
    refuse('\n\t\u00a0\u2003');
  });

  it('has 20,000 code points at most, however many octets they take', () => {
    expect(CASE_TEXT_MAX).to.equal(20_000);
    for (const character of ['x', 'ש', '🩺']) {
      take(character.repeat(20_000));
      refuse(character.repeat(20_001));
    }
  });

  it('is well-formed Unicode without NUL', () => {
    refuse('a question\0');
    refuse('a question\ud83e');
    refuse('\ude7aa question');
    take('a question 🩺');
  });

  it('may be any other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        if (text.trim() === '' || text.includes('\0')) refuse(text);
        else take(text);
      }),
    );
  });
});
