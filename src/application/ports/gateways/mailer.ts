import type { EmailAddress } from '../../../domain/shared/email-address.ts';
import type { Language } from '../../../domain/shared/language.ts';
import type { MailContent } from './mail-content.ts';

/** One mail to one address. */
export interface OutgoingMail {
  /** UUID; the same for each attempt at the same mail, so that its Message-ID is (RFC 5322, section 3.6.4). */
  readonly id: string;
  readonly to: EmailAddress;
  /** Of the reader; English where there is no text in it. */
  readonly language: Language;
  readonly content: MailContent;
}

/** What became of a mail: taken by the next host, or refused for good (RFC 5321, section 4.2.1: a 5yz reply). */
export type MailVerdict = 'sent' | 'refused';

/** Sends mail. */
export interface Mailer {
  /**
   * Hands the mail over; one attempt.
   *
   * @throws {Unavailable} when another attempt may succeed
   */
  readonly send: (mail: OutgoingMail) => Promise<MailVerdict>;
}
