import type { MailLanguage } from './mail-language.ts';
import type { MailLink } from './mail-link.ts';
import type { MailText, MailTexts } from './mail-texts.ts';
import type { MailValues } from './mail-values.ts';

/** What a mail is made of, before it is plain text or HTML. */
export interface MailParts {
  readonly language: MailLanguage;
  readonly direction: 'ltr' | 'rtl';
  readonly mail: MailText;
  /** What all mails of the language have in common. */
  readonly common: Pick<MailTexts, 'caseLine' | 'linkLimits' | 'copyLink' | 'footer'>;
  readonly values: MailValues;
  /** `null` for a mail without one. */
  readonly link: MailLink | null;
}
