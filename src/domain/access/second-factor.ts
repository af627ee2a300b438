import type { Role, User } from '../identity/user.ts';
import type { PasskeyId, TenantId, UserId } from '../shared/ids.ts';
import type { Tenant } from '../tenancy/tenant.ts';
import type { AuthenticationMethod } from './session.ts';

/** How many recovery codes an account is given. */
export const RECOVERY_CODES = 10;
/** How long an admin's reset of somebody's factors waits for its owner to object, in seconds. */
export const MFA_RESET_DELAY_SECONDS = 86_400;
/** How long a new authenticator app may take to show its first code, in seconds. */
export const TOTP_ENROLMENT_SECONDS = 900;
/** The most passkeys that an account may have. */
export const MAX_PASSKEYS = 20;

/** Which second factors an account has. */
export interface FactorSummary {
  /** Whether an authenticator app was confirmed. */
  readonly totp: boolean;
  readonly passkeys: number;
  /** Recovery codes that are left. */
  readonly recoveryCodes: number;
}

/** An account without second factors. */
export const NO_FACTORS: FactorSummary = { totp: false, passkeys: 0, recoveryCodes: 0 };

/** Whether there is anything beside the password. Recovery codes alone are none: they stand in for a lost one. */
export const hasSecondFactor = (factors: FactorSummary): boolean => factors.totp || factors.passkeys > 0;

/** By what a sign-in can be completed. */
export type SecondFactorMethod = 'totp' | 'passkey' | 'recovery-code';

/** What the account's owner may choose from. */
export const methodsOf = (factors: FactorSummary): readonly SecondFactorMethod[] => [
  ...(factors.totp ? (['totp'] as const) : []),
  ...(factors.passkeys > 0 ? (['passkey'] as const) : []),
  ...(factors.recoveryCodes > 0 ? (['recovery-code'] as const) : []),
];

/** Who has to have a second factor, by the installation's rule. */
export type SecondFactorRule = 'staff' | 'nobody';

/** Whether somebody of this role needs a second factor in this tenant. */
export const mustHaveSecondFactor = (
  role: Role,
  tenant: Pick<Tenant, 'mfaRequired'>,
  rule: SecondFactorRule,
): boolean => tenant.mfaRequired || (rule === 'staff' && role !== 'patient');

/** What has to happen before somebody who has shown a first proof is let in. */
export type SignInStep = 'verify-email' | 'enrol-second-factor' | 'prove-second-factor' | 'open-session';

/** What a sign-in is judged by. */
export interface SignInRules {
  readonly emailVerification: 'required' | 'optional';
  readonly secondFactor: SecondFactorRule;
}

/**
 * The next step of a sign-in.
 *
 * @param amr what was proven so far; `mfa` among it where that counts as two factors
 */
export function nextSignInStep(
  user: Pick<User, 'emailVerifiedAt' | 'role'>,
  tenant: Pick<Tenant, 'mfaRequired'>,
  factors: FactorSummary,
  amr: readonly AuthenticationMethod[],
  rules: SignInRules,
): SignInStep {
  if (rules.emailVerification === 'required' && user.emailVerifiedAt === null) return 'verify-email';
  if (amr.includes('mfa')) return 'open-session';
  if (hasSecondFactor(factors)) return 'prove-second-factor';
  return mustHaveSecondFactor(user.role, tenant, rules.secondFactor) ? 'enrol-second-factor' : 'open-session';
}

/** A credential that a device or a password manager keeps (WebAuthn Level 3). */
export interface Passkey {
  readonly id: PasskeyId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** base64url, as browsers name it; unique in the installation. */
  readonly credentialId: string;
  /** COSE key. */
  readonly publicKey: Uint8Array;
  /** Signature counter of the last use; 0 where the authenticator has none. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** Whether it is kept on one device or synchronised between several. */
  readonly deviceType: 'single-device' | 'multi-device';
  /** What its owner calls it. */
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/**
 * How a passkey counts as a proof (RFC 8176): a key that cannot leave its device is `hwk`, one that is synchronised `swk`; with user
 * verification it is two factors in one.
 */
export const passkeyMethods = (
  deviceType: Passkey['deviceType'],
  userVerified: boolean,
): readonly AuthenticationMethod[] => [
  deviceType === 'single-device' ? 'hwk' : 'swk',
  ...(userVerified ? (['user', 'mfa'] as const) : []),
];
