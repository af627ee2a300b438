import type { Physician } from '../../domain/identity/physician.ts';
import type { User } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Stores } from '../ports/unit-of-work.ts';

/** An account as its owner sees it. */
export interface Profile {
  readonly user: User;
  /** `null` for everybody but physicians. */
  readonly physician: Physician | null;
}

/** @returns `null` where there is no such account */
export async function readProfile(
  { users, physicians }: Pick<Stores, 'users' | 'physicians'>,
  id: UserId,
): Promise<Profile | null> {
  const user = await users.find(id);
  if (!user) return null;
  const physician = user.role === 'physician' ? await physicians.findByUser(user.id) : null;
  return { user, physician };
}
