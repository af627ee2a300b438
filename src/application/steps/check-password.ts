import { type FactorSummary, hasSecondFactor } from '../../domain/access/second-factor.ts';
import { checkNewPassword, contextWordsOf, normalPassword } from '../../domain/identity/password-policy.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { Settings } from '../ports/system/settings.ts';

/** Whose password it is to be. */
export interface PasswordOwner {
  readonly tenant: Tenant;
  readonly email: string;
  /** A password that is not the only factor may be shorter. */
  readonly factors: FactorSummary;
}

/**
 * Holds a new password against the policy of the installation and the tenant, the longer of both.
 *
 * @returns the password in its normal form
 * @throws {PasswordRejected} with the reason
 */
export function checkPassword(
  deps: { readonly passwordBlockList: PasswordBlockList; readonly settings: Settings },
  { tenant, email, factors }: PasswordOwner,
  password: string,
): string {
  const { alone, withSecondFactor } = deps.settings.passwordMinLength;
  checkNewPassword(password, {
    minLength: Math.max(hasSecondFactor(factors) ? withSecondFactor : alone, tenant.passwordPolicy.minLength),
    isCommon: (candidate) => deps.passwordBlockList.includes(candidate),
    contextWords: contextWordsOf(email),
  });
  return normalPassword(password);
}
