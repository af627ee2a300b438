import { expect } from 'chai';
import { isReason, REASON_MAX_LENGTH } from '../../../../src/domain/shared/reason.ts';

describe('The reason of an act', () => {
  it('says something, in whatever script', () => {
    for (const text of ['Lost phone', ' איבד את הטלפון ', 'x', '🔑', 'two\nlines']) {
      expect(isReason(text), text).to.equal(true);
    }
  });

  it('is not empty or blank, ill-formed, or with a NUL in it', () => {
    for (const text of ['', ' ', '\n\t\u00a0', 'lost \ud800', '\udc00', 'lost\0']) {
      expect(isReason(text), JSON.stringify(text)).to.equal(false);
    }
  });

  it('has a thousand code points at most, whatever they take to store', () => {
    expect(REASON_MAX_LENGTH).to.equal(1000);
    for (const character of ['a', 'ש', '🔑']) {
      expect(isReason(character.repeat(1000))).to.equal(true);
      expect(isReason(character.repeat(1001))).to.equal(false);
    }
  });
});
