import type { SignInChallenge } from '../../domain/access/sign-in-challenge.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type Account, loadAccount } from './load-account.ts';
import { passwordFingerprint } from './password-fingerprint.ts';

const isSame = (a: Uint8Array, b: Uint8Array | null): boolean =>
  b !== null && a.length === b.length && a.every((octet, index) => octet === b[index]);

/**
 * The account that a challenge is of, as long as what its first proof stands on is unchanged.
 *
 * @returns `null` where it is disabled, or its password or role was changed meanwhile
 */
export async function challengedAccount(
  deps: { readonly keyedHash: KeyedHash; readonly unitOfWork: UnitOfWork<'users' | 'tenants'> },
  challenge: SignInChallenge,
): Promise<Account | null> {
  const account = await loadAccount(deps.unitOfWork, challenge.tenantId, challenge.userId);
  if (account?.user.tokenEpoch !== challenge.tokenEpoch) return null;
  const { passwordFingerprint: proven } = challenge;
  const current = passwordFingerprint(deps.keyedHash, account.user.passwordHash);
  return proven === null || isSame(proven, current) ? account : null;
}
