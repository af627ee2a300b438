import { expect } from 'chai';
import fc from 'fast-check';
import { CASE_TEXT_MAX, checkCaseText, checkReason } from '../../../../src/domain/cases/case-text.ts';
import { CaseReasonRejected, CaseTextRejected } from '../../../../src/domain/cases/errors.ts';

const refuse = (text: string) => expect(() => checkCaseText(text)).to.throw(CaseTextRejected);
const take = (text: string) => expect(() => checkCaseText(text)).not.to.throw();

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

describe('The reason of an act', () => {
  it('is said in 1 to 1,000 code points', () => {
    for (const reason of ['x', 'x'.repeat(1000), '🩺'.repeat(1000)]) {
      expect(() => checkReason(reason)).not.to.throw();
    }
    for (const reason of ['', ' \n', 'x'.repeat(1001), 'a\0', 'a\ud83e']) {
      expect(() => checkReason(reason)).to.throw(CaseReasonRejected);
    }
  });
});
