import type { Tenant } from '../../domain/tenancy/tenant.ts';
import { checkNewPassword, contextWordsOf, normalPassword } from '../../domain/identity/password-policy.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';

/**
 * Holds a new password against the policy of the installation and the tenant, the longer of both.
 *
 * @returns the password in its normal form
 * @throws {PasswordRejected} with the reason
 */
export function checkPassword(
  blockList: PasswordBlockList,
  passwordMinLength: number,
  tenant: Tenant,
  email: string,
  password: string,
): string {
  checkNewPassword(password, {
    minLength: Math.max(passwordMinLength, tenant.passwordPolicy.minLength),
    isCommon: (candidate) => blockList.includes(candidate),
    contextWords: contextWordsOf(email),
  });
  return normalPassword(password);
}
