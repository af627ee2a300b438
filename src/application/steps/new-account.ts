import { NO_FACTORS } from '../../domain/access/second-factor.ts';
import { newEmail } from '../../domain/identity/email-address.ts';
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
  /** English where it is left out. */
  readonly language?: Language | undefined;
}

/**
 * Makes an account of the tenant, its password hashed; nothing is stored.
 *
 * @throws {EmailRejected}
 * @throws {LanguageRejected}
 * @throws {PasswordRejected}
 * @throws {Unavailable} when too many passwords wait to be hashed
 */
export async function newAccount(making: AccountMaking, tenant: Tenant, given: GivenAccount): Promise<User> {
  const { clock, idGenerator, passwordHasher } = making;
  const { role, language = DEFAULT_LANGUAGE } = given;
  const email = newEmail(given.email);
  const owner = { tenant, email, factors: NO_FACTORS };
  const passwordHash =
    given.password === undefined
      ? null
      : await passwordHasher.hash(checkPassword(making, owner, given.password));
  return createUser(
    idGenerator.next(),
    { tenantId: tenant.id, email, passwordHash, role, language },
    clock.now(),
  );
}
