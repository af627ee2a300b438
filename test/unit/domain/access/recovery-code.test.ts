import { expect } from 'chai';
import fc from 'fast-check';
import { normalRecoveryCode } from '../../../../src/domain/access/recovery-code.ts';

const codes = fc
  .string({
    unit: fc.constantFrom(...Array.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ')),
    minLength: 10,
    maxLength: 10,
  })
  .map((characters) => `${characters.slice(0, 5)}-${characters.slice(5)}`);

describe('A recovery code', () => {
  it('is compared without the hyphen, blanks and the case in which it was typed', () => {
    for (const typed of [
      '7K3QX-M9DTA',
      '7k3qx-m9dta',
      ' 7K3 QX M9D-TA\n',
      '7k3qxm9dta',
      '7\u00a0K3QX-M9DTA',
    ]) {
      expect(normalRecoveryCode(typed), typed).to.equal('7K3QXM9DTA');
    }
  });

  it('is read as Crockford’s base32, whose look-alikes are one', () => {
    expect(normalRecoveryCode('oO0-iIlL1')).to.equal('00011111');
  });

  it('has one form, and another one than any other code', () => {
    fc.assert(
      fc.property(codes, codes, (one, other) => {
        const normal = normalRecoveryCode(one);
        expect(normal).to.equal(one.replace('-', ''));
        expect(normalRecoveryCode(normal)).to.equal(normal);
        expect(normalRecoveryCode(one.toLowerCase())).to.equal(normal);
        expect(normalRecoveryCode(other) === normal).to.equal(one === other);
      }),
    );
  });

  it('is no code where other characters are in it', () => {
    for (const typed of ['7K3QX–M9DTA', '7K3QX_M9DTA', '7K3QX.M9DTA', '7K3QXM9DTA\0', '٧K3QXM9DTA']) {
      expect(normalRecoveryCode(typed), typed).to.not.equal('7K3QXM9DTA');
    }
  });
});
