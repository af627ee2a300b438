import { NO_FACTORS } from '../../domain/access/second-factor.ts';
import type { EmailAddress } from '../../domain/shared/email-address.ts';
import { newEmail } from '../../domain/identity/new-email.ts';
import { PasswordHashRejected } from '../../domain/identity/errors.ts';
import { createUser, type NewUser, type User } from '../../domain/identity/user.ts';
import { DEFAULT_LANGUAGE, type Language } from '../../domain/shared/language.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import { checkPassword } from './check-password.ts';

/** What making an account needs. */
export interface AccountMaking {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly passwordBlockList: PasswordBlockList;
  readonly passwordHasher: PasswordHasher;
  readonly settings: Settings;
}

/** What is said of a new account. */
export interface GivenAccount extends Pick<NewUser, 'email' | 'role'> {
  /** An account without one is for somebody who is invited to choose it. */
  readonly password?: string | undefined;
  /** What another service made of the password, in the place of one. */
  readonly passwordHash?: string | undefined;
  /** English where it is left out. */
  readonly language?: Language | undefined;
}

/**
 * Makes an account of the tenant, its password hashed; nothing is stored.
 *
 * @throws {EmailRejected}
 * @throws {LanguageRejected}
 * @throws {PasswordRejected}
 * @throws {PasswordHashRejected}
 * @throws {Unavailable} when too many passwords wait to be hashed
 */
export async function newAccount(making: AccountMaking, tenant: Tenant, given: GivenAccount): Promise<User> {
  const { clock, idGenerator } = making;
  const { role, language = DEFAULT_LANGUAGE } = given;
  const email = newEmail(given.email);
  const passwordHash =
    given.passwordHash === undefined
      ? await hashOf(making, tenant, email, given.password)
      : importedHash(making, given.passwordHash);
  return createUser(
    idGenerator.next(),
    { tenantId: tenant.id, email, passwordHash, role, language },
    clock.now(),
  );
}

function importedHash({ passwordHasher }: AccountMaking, hash: string): string {
  if (!passwordHasher.accepts(hash)) throw new PasswordHashRejected();
  return hash;
}

async function hashOf(
  making: AccountMaking,
  tenant: Tenant,
  email: EmailAddress,
  password: string | undefined,
): Promise<string | null> {
  if (password === undefined) return null;
  const owner = { tenant, email, factors: NO_FACTORS };
  return making.passwordHasher.hash(checkPassword(making, owner, password));
}
