import type { TenantId, UserId } from '../shared/ids.ts';
import { canonicalLanguage, type Language } from '../shared/language.ts';
import type { EmailAddress } from '../shared/email-address.ts';
import { LanguageRejected } from './errors.ts';

/** What a person is to the practice; decides what he may do. */
export type Role = 'patient' | 'physician' | 'admin';

/** Every role, for schemas. */
export const ROLES = ['patient', 'physician', 'admin'] as const satisfies readonly Role[];

/** An account in one tenant. */
export interface User {
  readonly id: UserId;
  readonly tenantId: TenantId;
  /** In its normal form; unique within the tenant. */
  readonly email: EmailAddress;
  /** PHC string; `null` for an account that has no password (yet). */
  readonly passwordHash: string | null;
  readonly role: Role;
  readonly isActive: boolean;
  readonly emailVerifiedAt: Date | null;
  /** Made by a registration that nobody has confirmed by mail yet: nobody was ever let in, and a newer registration takes its place. */
  readonly registrationPending: boolean;
  readonly language: Language;
  /** Access tokens of an earlier epoch are refused: it grows when the role or the active flag changes. */
  readonly tokenEpoch: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Grows with each save; a save of a stale version is refused. */
  readonly version: number;
}

/** What makes an account. */
export type NewUser = Pick<User, 'tenantId' | 'email' | 'passwordHash' | 'role' | 'language'> &
  Partial<Pick<User, 'registrationPending'>>;

/** What an admin may change of an account. */
export interface UserChanges {
  readonly role?: Role;
  readonly isActive?: boolean;
}

/** @throws {LanguageRejected} */
function languageOf(tag: string): Language {
  const language = canonicalLanguage(tag);
  if (language === null) throw new LanguageRejected();
  return language;
}

/**
 * An account at its first moment: active, its address not verified.
 *
 * @throws {LanguageRejected}
 */
export const createUser = (id: UserId, given: NewUser, now: Date): User => ({
  registrationPending: false,
  ...given,
  language: languageOf(given.language),
  id,
  isActive: true,
  emailVerifiedAt: null,
  tokenEpoch: 1,
  createdAt: now,
  updatedAt: now,
  version: 1,
});

const saved = (user: User, changes: Partial<User>, now: Date): User => ({
  ...user,
  ...changes,
  updatedAt: now,
  version: user.version + 1,
});

/**
 * The account after an admin's changes. Where they change what the person may do, the epoch grows, so that access tokens made
 * before are refused. Where nobody has confirmed its registration yet, its password goes: a stranger may have chosen it, and whoever
 * reads its mail chooses another.
 */
export function changeUser(user: User, changes: UserChanges, now: Date): User {
  const role = changes.role ?? user.role;
  const isActive = changes.isActive ?? user.isActive;
  if (role === user.role && isActive === user.isActive) return user;
  const unconfirmed = user.registrationPending ? { registrationPending: false, passwordHash: null } : {};
  return saved(user, { role, isActive, tokenEpoch: user.tokenEpoch + 1, ...unconfirmed }, now);
}

/** The account with another password. */
export const withPasswordHash = (user: User, passwordHash: string, now: Date): User =>
  saved(user, { passwordHash }, now);

/** The account with a password that was chosen by whoever reads its mail, which confirms the address as well. */
export const withPasswordByMail = (user: User, passwordHash: string, now: Date): User =>
  saved(confirmed(user, now), { passwordHash }, now);

/** The account of a registration that nobody has confirmed yet, as a newer registration has it. */
export const registerAgain = (
  user: User,
  given: Pick<NewUser, 'passwordHash' | 'language'>,
  now: Date,
): User => saved(user, { passwordHash: given.passwordHash, language: languageOf(given.language) }, now);

/** The account that an admin makes where a registration of its address waits: nobody was ever let in by that. */
export const takeOverRegistration = (
  pending: User,
  { passwordHash, role, language }: Pick<User, 'passwordHash' | 'role' | 'language'>,
  now: Date,
): User => saved(pending, { passwordHash, role, language, registrationPending: false }, now);

/** The account with its address confirmed. */
export const withEmailVerified = (user: User, now: Date): User => saved(confirmed(user, now), {}, now);

/** The account with another address, which its owner has confirmed. */
export const withEmail = (user: User, email: EmailAddress, now: Date): User =>
  saved(user, { email, emailVerifiedAt: now, registrationPending: false }, now);

/** The account after its second factors were changed: saved, so that of two such changes at once the later one finds out. */
export const withFactorsChanged = (user: User, now: Date): User => saved(user, {}, now);

/** The account after all of its second factors were taken away from outside: whatever stands on them is refused from now on. */
export const withFactorsReset = (user: User, now: Date): User =>
  saved(user, { tokenEpoch: user.tokenEpoch + 1 }, now);

const confirmed = (user: User, now: Date): User => ({
  ...user,
  emailVerifiedAt: user.emailVerifiedAt ?? now,
  registrationPending: false,
});

/**
 * The account with another language.
 *
 * @throws {LanguageRejected}
 */
export const withLanguage = (user: User, language: Language, now: Date): User =>
  saved(user, { language: languageOf(language) }, now);

/** Whether the account can administer its tenant. */
export const isActiveAdmin = (user: User): boolean => user.role === 'admin' && user.isActive;

/** Whether the account can be given cases, as far as it decides that. */
export const isActivePhysician = (user: User): boolean => user.role === 'physician' && user.isActive;
