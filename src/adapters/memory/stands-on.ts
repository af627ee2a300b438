import type { SignInBasis } from '../../domain/access/session.ts';
import type { User } from '../../domain/identity/user.ts';

/** Whether the account is active and is still what a sign-in stands on. */
export const standsOn = ({ passwordHash, tokenEpoch }: SignInBasis, user: User | undefined): boolean =>
  user?.isActive === true &&
  user.tokenEpoch === tokenEpoch &&
  (passwordHash === null || user.passwordHash === passwordHash);
