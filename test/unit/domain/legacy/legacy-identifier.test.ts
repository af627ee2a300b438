import { expect } from 'chai';
import fc from 'fast-check';
import {
  identifierIn,
  isPlaceholder,
  LEGACY_IDENTIFIER_KINDS,
  normalIdentifier,
} from '../../../../src/domain/legacy/legacy-identifier.ts';

/** Eight digits and the check digit that belongs to them. */
const aNationalId = fc.integer({ min: 0, max: 99_999_999 }).map((number) => {
  const digits = String(number).padStart(8, '0');
  const sum = [...digits].reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return `${digits}${String((10 - (sum % 10)) % 10)}`;
});

describe('An identifier of the legacy service', () => {
  describe('that is a national id', () => {
    it('has nine digits, however it was written', () => {
      for (const written of [
        '039337423',
        '39337423',
        ' 039337423 ',
        '03933742-3',
        '0 3933742 3',
        '039-337-423',
      ]) {
        expect(normalIdentifier('national_id', written), written).to.equal('039337423');
      }
    });

    it('matches nobody where its check digit is wrong, or it has too many or too few digits', () => {
      for (const written of ['039337424', '0393374230', '3423', '', ' ', 'abc', '03933742x', '٠٣٩٣٣٧٤٢٣']) {
        expect(normalIdentifier('national_id', written), written).to.equal(null);
      }
    });

    it('has one check digit that is right', () => {
      fc.assert(
        fc.property(aNationalId, fc.integer({ min: 1, max: 9 }), (id, shift) => {
          const wrong = `${id.slice(0, 8)}${String((Number(id[8]) + shift) % 10)}`;
          expect(normalIdentifier('national_id', id)).to.equal(id);
          expect(normalIdentifier('national_id', wrong)).to.equal(null);
        }),
      );
    });
  });

  describe('that is a phone number', () => {
    it('is in E.164, Israeli where it names no country', () => {
      const spellings = [
        ...['+972521234567', '972521234567', '00972521234567', '0521234567', '521234567', '052-1234567'],
        ...['052 123 4567', '+972 (0)52-123-4567', ' 0521234567 ', '+972-52-1234567', '052.123.4567'],
      ];
      for (const written of spellings) {
        expect(normalIdentifier('phone', written), written).to.equal('+972521234567');
      }
      expect(normalIdentifier('phone', '03-1234567')).to.equal('+97231234567');
      expect(normalIdentifier('phone', '+44 20 7946 0958')).to.equal('+442079460958');
    });

    it('matches nobody where it cannot be one', () => {
      for (const written of ['12345', '+972123', '052123456', '05212345678', '+0521234567', 'phone', '']) {
        expect(normalIdentifier('phone', written), written).to.equal(null);
      }
    });
  });

  describe('that is an address', () => {
    it('is in lower case without blanks around it', () => {
      expect(normalIdentifier('email', ' Dana.Levi@Example.ORG ')).to.equal('dana.levi@example.org');
      expect(normalIdentifier('email', 'dana.levi')).to.equal(null);
    });
  });

  describe("that is the legacy service's own id", () => {
    it('is in lower case without blanks around it', () => {
      expect(normalIdentifier('legacy_user_id', ' U-10095 ')).to.equal('u-10095');
      expect(normalIdentifier('legacy_user_id', '  ')).to.equal(null);
    });
  });

  it('is the same in its normal form, which is its own', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LEGACY_IDENTIFIER_KINDS), fc.string(), (kind, text) => {
        const normal = normalIdentifier(kind, text);
        if (normal !== null) expect(normalIdentifier(kind, normal)).to.equal(normal);
      }),
    );
  });

  it('is nothing that no database holds', () => {
    for (const text of ['u-1\0', 'u-\ud800', 'u'.repeat(255)]) {
      expect(normalIdentifier('legacy_user_id', text)).to.equal(null);
    }
  });

  it('may stand for nobody, though it looks right', () => {
    const nobody = [
      ['national_id', ['000000000', '111111118', '123456782']],
      ['phone', ['+972500000000', '+972555555555', '+972501234567']],
      ['email', ['noreply@example.org', 'unknown@example.org', 'test@example.org']],
      ['legacy_user_id', ['0', 'null', 'undefined', 'guest', '00000000-0000-0000-0000-000000000000', '---']],
    ] as const;
    for (const [kind, identifiers] of nobody) {
      for (const identifier of identifiers) {
        expect(normalIdentifier(kind, identifier), identifier).to.equal(identifier);
        expect(isPlaceholder(kind, identifier), identifier).to.equal(true);
      }
    }
    expect(isPlaceholder('national_id', '039337423')).to.equal(false);
    expect(isPlaceholder('phone', '+972521234560')).to.equal(false);
    expect(isPlaceholder('email', 'dana@example.org')).to.equal(false);
    for (const id of ['u-10095', '5', '77', '700000']) {
      expect(isPlaceholder('legacy_user_id', id)).to.equal(false);
    }
  });
});

describe('A text of the legacy service that may hold any identifier', () => {
  it('is judged by its form where nobody said what it holds', () => {
    expect(identifierIn(' 03933742-3', null)).to.deep.equal({ kind: 'national_id', normal: '039337423' });
    expect(identifierIn('052-1234567', null)).to.deep.equal({ kind: 'phone', normal: '+972521234567' });
    expect(identifierIn('A@B.org', null)).to.deep.equal({ kind: 'email', normal: 'a@b.org' });
    expect(identifierIn('700123', null)).to.equal(null);
    expect(identifierIn(null, null)).to.equal(null);
  });

  it('is a national id where its check digit is right, though it could be a phone number without its zero', () => {
    // 03-9337423 is a number of a phone as well.
    expect(identifierIn('039337423', null)).to.include({ kind: 'national_id' });
    expect(identifierIn('039337423', 'phone')).to.deep.equal({ kind: 'phone', normal: '+97239337423' });
  });

  it('is of the kind that its vendor uses, and of no other', () => {
    expect(identifierIn('052-1234567', 'national_id')).to.equal(null);
    expect(identifierIn('u-5', 'legacy_user_id')).to.deep.equal({ kind: 'legacy_user_id', normal: 'u-5' });
  });
});
