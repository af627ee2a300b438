import { expect } from 'chai';
import { canonicalPoolName } from '../../../../src/domain/shared/pool-name.ts';

describe('The name of a pool', () => {
  it('is kept in one form, so that tenants and physicians who mean one pool meet', () => {
    expect(canonicalPoolName('north')).to.equal('north');
    expect(canonicalPoolName(' \t north wing\u00a0\n')).to.equal('north wing');
    expect(canonicalPoolName('Me\u0301tro')).to.equal('Métro');
    expect(canonicalPoolName('צפון')).to.equal('צפון');
  });

  it('is compared as it is written: upper case is another pool', () => {
    expect(canonicalPoolName('North')).to.equal('North');
  });

  it('has up to 100 code points, blanks around it not counted', () => {
    expect(canonicalPoolName(` ${'x'.repeat(100)} `)).to.equal('x'.repeat(100));
    expect(canonicalPoolName('🦊'.repeat(100))).to.equal('🦊'.repeat(100));
    expect(canonicalPoolName('x'.repeat(101))).to.equal(null);
    expect(canonicalPoolName('🦊'.repeat(101))).to.equal(null);
  });

  it('is none where nothing is said, or nothing that can be kept', () => {
    for (const text of ['', ' ', '\u2003\n', 'a\0b', 'half a pair \ud83e']) {
      expect(canonicalPoolName(text), JSON.stringify(text)).to.equal(null);
    }
  });
});
