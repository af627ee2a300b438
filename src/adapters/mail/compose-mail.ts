import type { MailContent } from '../../application/ports/gateways/mail-content.ts';
import type { OutgoingMail } from '../../application/ports/gateways/mailer.ts';
import { MAIL_LANGUAGES, type MailLanguage, mailLanguageOf } from './mail-language.ts';
import { mailLink } from './mail-link.ts';
import type { MailParts } from './mail-parts.ts';
import type { MailTextKey } from './mail-texts.ts';
import { mailValues } from './mail-values.ts';
import { renderHtml } from './render-html.ts';
import { renderText } from './render-text.ts';

/** A mail as it is read. */
export interface ComposedMail {
  /** The one that it is written in. */
  readonly language: MailLanguage;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const textKeyOf = (content: MailContent): MailTextKey =>
  content.kind === 'case-unclaimed' && content.overdue ? 'case-overdue' : content.kind;

/**
 * Writes a mail: in the reader's language, as plain text and as HTML that say the same.
 *
 * @param options.publicUrl what its link begins with; without a slash at its end
 */
export function composeMail(
  mail: Pick<OutgoingMail, 'language' | 'content'>,
  options: { readonly publicUrl: string },
): ComposedMail {
  const language = mailLanguageOf(mail.language);
  const { direction, texts } = MAIL_LANGUAGES[language];
  const link = mailLink(mail.content, options.publicUrl);
  const parts: MailParts = {
    language,
    direction,
    mail: texts.mails[textKeyOf(mail.content)],
    common: texts,
    values: mailValues(mail.content, link?.lifetime ?? null, language),
    link,
  };
  return { language, subject: parts.mail.subject, text: renderText(parts), html: renderHtml(parts) };
}
