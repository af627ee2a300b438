import { type EmailAddress, isEmailAddress, normalEmail } from '../shared/email-address.ts';
import { EmailRejected } from './errors.ts';

/**
 * The normal form of a new account's address.
 *
 * @throws {EmailRejected} for what cannot be an address
 */
export function newEmail(address: EmailAddress): EmailAddress {
  if (!isEmailAddress(address)) throw new EmailRejected();
  return normalEmail(address);
}
