import { isStorable } from '../shared/text.ts';
import { PasswordRejected } from './errors.ts';

/** Fewer code points are never accepted, whatever a policy says (NIST SP 800-63B-4, section 3.1.1.2). */
export const PASSWORD_FLOOR = 8;
/** The most octets of UTF-8 that are taken: far above the 128 code points that every policy accepts. */
export const PASSWORD_MAX_BYTES = 1024;

/** What a new password is held against. */
export interface PasswordRules {
  /** Code points; values below the floor count as the floor. */
  readonly minLength: number;
  /** Whether a normalised password is among the common ones. */
  readonly isCommon: (password: string) => boolean;
  /** Words that must not be the password or most of it: the product's name, parts of the address. */
  readonly contextWords: readonly string[];
}

/** The form in which passwords are hashed and compared: NFC, so that two keyboards give one password. */
export const normalPassword = (password: string): string => password.normalize('NFC');

/**
 * Whether a text can be a password at all: well-formed Unicode of at most 1,024 octets without NUL. Held against every password
 * that is presented, before any look-up, so that what is refused here says nothing about an account.
 */
export const isPresentablePassword = (password: string): boolean =>
  isStorable(password) && !isTooLong(password);

/**
 * Refuses a new password that the policy does not allow: too short, too long, common, or made of context words. There are no
 * composition rules (NIST SP 800-63B-4, section 3.1.1.2).
 *
 * @throws {PasswordRejected} with the reason
 */
export function checkNewPassword(password: string, rules: PasswordRules): void {
  if (!isStorable(password)) throw new PasswordRejected('ill-formed');
  if (isTooLong(password)) throw new PasswordRejected('too-long');
  const normal = normalPassword(password);
  const minLength = Math.max(PASSWORD_FLOOR, rules.minLength);
  if ([...normal].length < minLength) throw new PasswordRejected('too-short', minLength);
  const folded = normal.toLowerCase();
  if (rules.isCommon(folded)) throw new PasswordRejected('common');
  if (isMostly(folded, rules.contextWords)) throw new PasswordRejected('context');
}

/** Words that a password of this account must not be made of. */
export function contextWordsOf(email: string): readonly string[] {
  const [local = '', host = ''] = email.toLowerCase().split('@');
  return ['casegate', email.toLowerCase(), local, ...local.split(/[._+-]/), host.split('.')[0] ?? ''].filter(
    (word) => word.length >= 4,
  );
}

/** Whether the words, the longest first, taken out wherever they stand, leave fewer than four letters or digits of the password. */
function isMostly(password: string, words: readonly string[]): boolean {
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), password);
  return rest !== password && [...rest.replaceAll(/[^\p{L}\p{N}]/gu, '')].length < 4;
}

/** Whether a password is over the limit as it was written or in its normal form, which can be longer. */
const isTooLong = (password: string): boolean =>
  utf8Length(password) > PASSWORD_MAX_BYTES || utf8Length(normalPassword(password)) > PASSWORD_MAX_BYTES;

/** Octets of UTF-8, counted without an encoder: the domain knows no platform. */
function utf8Length(text: string): number {
  let octets = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    octets += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return octets;
}
