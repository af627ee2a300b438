import type { MailContent } from '../../application/ports/gateways/mail-content.ts';
import type { SecondFactorKind } from '../../domain/identity/account-mail.ts';

/** The mails that carry a link. */
export type LinkedKind = Extract<MailContent, { readonly token: string }>['kind'];

/** What there is a text for: each kind of mail, and another where a case is not only unclaimed but late. */
export type MailTextKey = MailContent['kind'] | 'case-overdue';

/**
 * What one mail says, in plain text. `{factor}`, `{remaining}`, `{dueAt}`, `{expiresAt}`, `{grantId}`, `{code}` and its
 * `{validFor}` stand for the values of the mails that have them.
 */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The words of the link. */
  readonly button?: string;
  /** What to do when it was not the reader, or that nothing is to be done. */
  readonly closing?: string;
}

/** All that mails say in one language. */
export interface MailTexts {
  readonly mails: {
    readonly [Key in MailTextKey]: Key extends LinkedKind
      ? MailText & { readonly button: string }
      : MailText & { readonly button?: never };
  };
  /** Which case a mail is about: `{caseId}`. */
  readonly caseLine: string;
  /** What a second factor is called; in the nominative, since it follows a colon. */
  readonly factors: Readonly<Record<SecondFactorKind, string>>;
  /** The shortest `{validFor}`, in words: `Intl` has no natural ones in every language. */
  readonly oneHour: string;
  /** That the link works once, and for how long: `{validFor}`, which follows a colon too. */
  readonly linkLimits: string;
  /** What to do where the button does not work; the link follows. */
  readonly copyLink: string;
  /** Who sent it. */
  readonly footer: string;
}
