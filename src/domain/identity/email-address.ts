import { EmailRejected } from './errors.ts';

/** An e-mail address as it was written; compared by its normal form. */
export type EmailAddress = string;

/** The longest address that SMTP carries in a path (RFC 5321, section 4.5.3.1.3); counted in UTF-16 code units here. */
export const EMAIL_MAX_LENGTH = 254;

/**
 * The form by which addresses are compared and counted: NFC and lower case. Nothing else is folded, since what stands before the
 * `@` is its host's business (RFC 5321, section 2.4).
 */
export const normalEmail = (address: EmailAddress): string => address.trim().normalize('NFC').toLowerCase();

/** One `@` with something before it and a host behind it; nothing blank, no control characters, no brackets or quotes. */
const SHAPE =
  /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]{1,64}@[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]+\.[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}]+$/u;

/** Whether a text can be an address; whether anybody reads what is sent there is another question. */
export function isEmailAddress(text: string): boolean {
  const normal = normalEmail(text);
  return normal.isWellFormed() && normal.length <= EMAIL_MAX_LENGTH && SHAPE.test(normal);
}

/**
 * The normal form of a new account's address.
 *
 * @throws {EmailRejected} for what cannot be an address
 */
export function newEmail(address: EmailAddress): EmailAddress {
  if (!isEmailAddress(address)) throw new EmailRejected();
  return normalEmail(address);
}
