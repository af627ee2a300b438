import { expect } from 'chai';
import fc from 'fast-check';
import { PasswordRejected, type PasswordRejection } from '../../../../src/domain/identity/errors.ts';
import {
  checkNewPassword,
  contextWordsOf,
  isPresentablePassword,
  normalPassword,
  PASSWORD_FLOOR,
  PASSWORD_MAX_BYTES,
  type PasswordRules,
} from '../../../../src/domain/identity/password-policy.ts';

const RULES: PasswordRules = { minLength: 8, isCommon: () => false, contextWords: [] };

/** Why the password is refused; `null` where it is taken. */
function rejectionOf(password: string, rules: Partial<PasswordRules> = {}): PasswordRejection | null {
  try {
    checkNewPassword(password, { ...RULES, ...rules });
    return null;
  } catch (error) {
    if (error instanceof PasswordRejected) return error.reason;
    throw error;
  }
}

const octetsOf = (text: string): number => Buffer.byteLength(text, 'utf8');

describe('The password policy', () => {
  describe('about length', () => {
    it('takes eight characters and refuses seven', () => {
      expect(rejectionOf('x7kqp2m')).to.equal('too-short');
      expect(rejectionOf('x7kqp2mz')).to.equal(null);
      expect(PASSWORD_FLOOR).to.equal(8);
    });

    it('never goes below eight, whatever a policy says', () => {
      for (const minLength of [7, 1, 0, -5]) {
        expect(rejectionOf('x7kqp2m', { minLength })).to.equal('too-short');
        expect(rejectionOf('x7kqp2mz', { minLength })).to.equal(null);
      }
    });

    it('goes above eight where a policy says so, and says how far', () => {
      expect(rejectionOf('x'.repeat(15), { minLength: 15 })).to.equal(null);
      expect(() => checkNewPassword('x'.repeat(14), { ...RULES, minLength: 15 })).to.throw(
        PasswordRejected,
        'at least 15 characters',
      );
    });

    it('names the floor where a policy asks for less', () => {
      expect(() => checkNewPassword('short', { ...RULES, minLength: 4 })).to.throw('at least 8 characters');
    });

    it('counts code points, not UTF-16 units', () => {
      expect('🔒🔑🗝️'.length).to.be.greaterThan(6);
      expect(rejectionOf('🔒🔑🔓🔏')).to.equal('too-short');
      expect(rejectionOf('🔒🔑🔓🔏🔒🔑🔓🔏')).to.equal(null);
    });

    it('counts after composition, so that a letter and its accent are one character', () => {
      expect(rejectionOf('e\u0301'.repeat(7))).to.equal('too-short');
      expect(rejectionOf('e\u0301'.repeat(8))).to.equal(null);
    });

    it('takes 128 code points of four octets each', () => {
      expect(rejectionOf('🔒🔑'.repeat(64))).to.equal(null);
    });

    it('takes 1,024 octets and refuses one more', () => {
      expect(rejectionOf('x'.repeat(PASSWORD_MAX_BYTES))).to.equal(null);
      expect(rejectionOf('x'.repeat(PASSWORD_MAX_BYTES + 1))).to.equal('too-long');
      expect(rejectionOf('é'.repeat(512))).to.equal(null);
      expect(rejectionOf(`${'é'.repeat(512)}x`)).to.equal('too-long');
      expect(rejectionOf('€'.repeat(341))).to.equal(null);
      expect(rejectionOf('€'.repeat(342))).to.equal('too-long');
      // Its normal form is twice as long.
      expect(rejectionOf('\u0344'.repeat(512))).to.equal('too-long');
    });
  });

  it('has no composition rules', () => {
    for (const password of ['qwmzxvbplk', '8204715936', '        9', 'ÅÄÖåäöÅÄÖ', 'שלום לכולם']) {
      expect(rejectionOf(password)).to.equal(null);
    }
  });

  describe('about text that cannot be stored', () => {
    for (const [what, password] of [
      ['a lone high surrogate', 'password\ud83d-long'],
      ['a lone low surrogate', 'password\udd12-long'],
      ['a NUL', 'password\0-long'],
    ] as const) {
      it(`refuses ${what}`, () => {
        expect(rejectionOf(password)).to.equal('ill-formed');
        expect(isPresentablePassword(password)).to.equal(false);
      });
    }
  });

  describe('about common passwords', () => {
    const isCommon = (password: string) => password === 'jos\u00e9jos\u00e9';

    it('refuses one that the list has', () => {
      expect(rejectionOf('jos\u00e9jos\u00e9', { isCommon })).to.equal('common');
    });

    it('asks the list in the normal form and in lower case', () => {
      expect(rejectionOf('JOSE\u0301jose\u0301', { isCommon })).to.equal('common');
    });

    it('does not ask about those that are refused for their length', () => {
      const asked: string[] = [];
      const remember = (password: string) => asked.push(password) > 0;
      expect(rejectionOf('short', { isCommon: remember })).to.equal('too-short');
      expect(rejectionOf('x'.repeat(1025), { isCommon: remember })).to.equal('too-long');
      expect(asked).to.deep.equal([]);
    });
  });

  describe('about words of the account', () => {
    const contextWords = contextWordsOf('given.family@clinic.example.org');

    for (const password of [
      'casegate',
      'CaseGate!',
      'casegate123',
      '123casegate',
      'casegate-casegate',
      'given.family@clinic.example.org',
      'Given.Family',
      'givengiven99',
      'family_family',
      'clinic202',
      'casegategiven',
      'Family@casegate7',
    ]) {
      it(`refuses ${password}`, () => {
        expect(rejectionOf(password, { contextWords })).to.equal('context');
      });
    }

    for (const password of ['casegate2026', 'my given is a boat', 'clinical trial', 'unrelated words']) {
      it(`takes ${password}, where something else is left`, () => {
        expect(rejectionOf(password, { contextWords })).to.equal(null);
      });
    }
  });

  describe('about what is presented at sign-in', () => {
    it('hears every length up to 1,024 octets, so that a changed policy locks nobody out', () => {
      for (const password of ['', 'x', 'x'.repeat(PASSWORD_MAX_BYTES)]) {
        expect(isPresentablePassword(password)).to.equal(true);
      }
      expect(isPresentablePassword('x'.repeat(PASSWORD_MAX_BYTES + 1))).to.equal(false);
    });

    for (const [character, octets] of [
      ['\u007f', 1],
      ['\u0080', 2],
      ['\u07ff', 2],
      ['\u0800', 3],
      ['\uffff', 3],
      ['\u{10000}', 4],
      ['\u{10ffff}', 4],
    ] as const) {
      it(`counts ${octets} octets for U+${character.codePointAt(0)!.toString(16).toUpperCase()}`, () => {
        const rest = 'x'.repeat(PASSWORD_MAX_BYTES - octets);
        expect(isPresentablePassword(`${rest}${character}`)).to.equal(true);
        expect(isPresentablePassword(`${rest}x${character}`)).to.equal(false);
      });
    }

    it('draws the line at octets of UTF-8, as it was written and in its normal form', () => {
      const texts = fc.string({ unit: 'binary', minLength: 200, maxLength: 600 });
      fc.assert(
        fc.property(texts, (text) => {
          const isStorable = text.isWellFormed() && !text.includes('\0');
          const octets = Math.max(octetsOf(text), octetsOf(text.normalize('NFC')));
          expect(isPresentablePassword(text)).to.equal(isStorable && octets <= PASSWORD_MAX_BYTES);
        }),
      );
    });

    it('hears every password that the policy takes', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (text) => {
          if (rejectionOf(text) === null) expect(isPresentablePassword(text)).to.equal(true);
        }),
      );
    });
  });

  it('makes one password of two spellings, and changes it once only', () => {
    expect(normalPassword('jose\u0301')).to.equal(normalPassword('jos\u00e9'));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normalPassword(normalPassword(text))).to.equal(normalPassword(text));
        expect(normalPassword(text.normalize('NFD'))).to.equal(normalPassword(text));
      }),
    );
  });

  it('does not fold compatibility forms or case: they are different passwords', () => {
    expect(normalPassword('ﬁle')).not.to.equal('file');
    expect(normalPassword('Secret')).not.to.equal('secret');
  });
});

describe('The context words of an account', () => {
  it('are the name of the product, the address, its parts and its host', () => {
    expect(contextWordsOf('Given.Family+Case@Clinic.example.org')).to.have.members([
      'casegate',
      'given.family+case@clinic.example.org',
      'given.family+case',
      'given',
      'family',
      'case',
      'clinic',
    ]);
  });

  it('leave out words of fewer than four characters, which many passwords hold by chance', () => {
    expect(contextWordsOf('jo.li@abc.example')).to.have.members(['casegate', 'jo.li@abc.example', 'jo.li']);
  });

  it('are no surprise where the text is no address', () => {
    expect(contextWordsOf('')).to.deep.equal(['casegate']);
    expect(contextWordsOf('nobody')).to.have.members(['casegate', 'nobody', 'nobody', 'nobody']);
  });
});
