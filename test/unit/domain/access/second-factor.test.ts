import { expect } from 'chai';
import fc from 'fast-check';
import {
  type FactorSummary,
  hasSecondFactor,
  MAX_PASSKEYS,
  methodsOf,
  MFA_RESET_DELAY_SECONDS,
  mustHaveSecondFactor,
  nextSignInStep,
  NO_FACTORS,
  passkeyMethods,
  RECOVERY_CODES,
  type SignInRules,
} from '../../../../src/domain/access/second-factor.ts';
import { AUTHENTICATION_METHODS, authenticationLevel } from '../../../../src/domain/access/session.ts';
import { ROLES } from '../../../../src/domain/identity/user.ts';
import { aTenant, aUser, NOW } from '../../../support/builders.ts';

const LAX: SignInRules = { emailVerification: 'optional', secondFactor: 'nobody' };
const STRICT: SignInRules = { emailVerification: 'required', secondFactor: 'staff' };

const TOTP: FactorSummary = { ...NO_FACTORS, totp: true };
const PASSKEY: FactorSummary = { ...NO_FACTORS, passkeys: 1 };
const CODES_ONLY: FactorSummary = { ...NO_FACTORS, recoveryCodes: 10 };

const verified = aUser({ emailVerifiedAt: NOW });
const demanding = aTenant({ mfaRequired: true });
const lenient = aTenant();

const summaries = fc.record({
  totp: fc.boolean(),
  passkeys: fc.nat({ max: MAX_PASSKEYS }),
  recoveryCodes: fc.nat({ max: RECOVERY_CODES }),
});

describe('Second factors', () => {
  it('are ten recovery codes and twenty passkeys at most, and a reset of them waits for a day', () => {
    expect(RECOVERY_CODES).to.equal(10);
    expect(MAX_PASSKEYS).to.equal(20);
    expect(MFA_RESET_DELAY_SECONDS).to.equal(24 * 60 * 60);
  });

  it('are an authenticator app and passkeys; recovery codes alone are none', () => {
    expect([NO_FACTORS, CODES_ONLY, TOTP, PASSKEY].map(hasSecondFactor)).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
  });

  it('are what their owner may choose from', () => {
    expect(methodsOf(NO_FACTORS)).to.deep.equal([]);
    expect(methodsOf({ totp: true, passkeys: 2, recoveryCodes: 1 })).to.deep.equal([
      'totp',
      'passkey',
      'recovery-code',
    ]);
    expect(methodsOf({ ...TOTP, recoveryCodes: 3 })).to.deep.equal(['totp', 'recovery-code']);
    expect(methodsOf(PASSKEY)).to.deep.equal(['passkey']);
  });

  it('must be had by staff where the installation says so, and by everybody where the tenant does', () => {
    for (const role of ROLES) {
      expect(mustHaveSecondFactor(role, lenient, 'nobody')).to.equal(false);
      expect(mustHaveSecondFactor(role, lenient, 'staff')).to.equal(role !== 'patient');
      expect(mustHaveSecondFactor(role, demanding, 'nobody')).to.equal(true);
      expect(mustHaveSecondFactor(role, demanding, 'staff')).to.equal(true);
    }
  });
});

describe('A passkey', () => {
  it('is a hardware key where it cannot leave its device, and a software key where it is synchronised', () => {
    expect(passkeyMethods('single-device', false)).to.deep.equal(['hwk']);
    expect(passkeyMethods('multi-device', false)).to.deep.equal(['swk']);
  });

  it('is two factors in one where it made sure of its owner, and only then', () => {
    expect(passkeyMethods('single-device', true)).to.deep.equal(['hwk', 'user', 'mfa']);
    expect(passkeyMethods('multi-device', true)).to.deep.equal(['swk', 'user', 'mfa']);
    for (const device of ['single-device', 'multi-device'] as const) {
      expect(authenticationLevel(passkeyMethods(device, true))).to.equal('aal2');
      expect(authenticationLevel(passkeyMethods(device, false))).to.equal('aal1');
    }
  });
});

describe('A sign-in', () => {
  it('is complete with a password where nothing else is had or demanded', () => {
    expect(nextSignInStep(aUser(), lenient, NO_FACTORS, ['pwd'], LAX)).to.equal('open-session');
    expect(nextSignInStep(aUser(), lenient, CODES_ONLY, ['pwd'], LAX)).to.equal('open-session');
    expect(nextSignInStep(verified, lenient, NO_FACTORS, ['pwd'], STRICT)).to.equal('open-session');
  });

  it('asks for a confirmed address first, where the installation demands one', () => {
    for (const amr of [['pwd'], ['pwd', 'otp', 'mfa'], ['swk', 'user', 'mfa']] as const) {
      for (const factors of [NO_FACTORS, TOTP, PASSKEY]) {
        expect(nextSignInStep(aUser(), demanding, factors, amr, STRICT)).to.equal('verify-email');
        expect(nextSignInStep(verified, demanding, factors, amr, STRICT)).to.not.equal('verify-email');
        expect(nextSignInStep(aUser(), demanding, factors, amr, LAX)).to.not.equal('verify-email');
      }
    }
  });

  it('asks whoever has a second factor for it, demanded or not', () => {
    for (const factors of [TOTP, PASSKEY]) {
      for (const tenant of [lenient, demanding]) {
        expect(nextSignInStep(aUser(), tenant, factors, ['pwd'], LAX)).to.equal('prove-second-factor');
      }
    }
  });

  it('asks whoever must have a second factor and has none to enrol one', () => {
    for (const factors of [NO_FACTORS, CODES_ONLY]) {
      expect(nextSignInStep(verified, demanding, factors, ['pwd'], LAX)).to.equal('enrol-second-factor');
      for (const role of ['physician', 'admin'] as const) {
        const user = { ...verified, role };
        expect(nextSignInStep(user, lenient, factors, ['pwd'], STRICT)).to.equal('enrol-second-factor');
        expect(nextSignInStep(user, lenient, factors, ['pwd'], LAX)).to.equal('open-session');
      }
    }
  });

  it('is complete once two factors were proven', () => {
    expect(nextSignInStep(verified, demanding, TOTP, ['pwd', 'otp', 'mfa'], STRICT)).to.equal('open-session');
    expect(nextSignInStep(verified, demanding, PASSKEY, ['hwk', 'user', 'mfa'], STRICT)).to.equal(
      'open-session',
    );
    expect(nextSignInStep(verified, demanding, PASSKEY, ['hwk'], STRICT)).to.equal('prove-second-factor');
  });

  it('never opens a session on one factor to whoever has or must have two, nor without a confirmed address where it is demanded', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ROLES),
        fc.option(fc.constant(NOW)),
        fc.boolean(),
        summaries,
        fc.subarray([...AUTHENTICATION_METHODS]),
        fc.constantFrom(LAX, STRICT),
        (role, emailVerifiedAt, mfaRequired, factors, amr, rules) => {
          const tenant = { mfaRequired };
          const step = nextSignInStep({ role, emailVerifiedAt }, tenant, factors, amr, rules);
          if (step !== 'open-session') return;
          if (rules.emailVerification === 'required') expect(emailVerifiedAt).to.equal(NOW);
          const needsTwo = hasSecondFactor(factors) || mustHaveSecondFactor(role, tenant, rules.secondFactor);
          if (needsTwo) expect(authenticationLevel(amr)).to.equal('aal2');
        },
      ),
    );
  });
});
