import { simpleParser } from 'mailparser';
import type { DeliveredMail } from '../../contracts/gateways/mailer.ts';

/** Reads a message as programs that read mail do, every header included. */
export async function deliveredMail(
  source: string | Buffer,
): Promise<DeliveredMail & { readonly header: (name: string) => unknown; readonly from: string }> {
  const { messageId, to, from, subject, text, html, headers } = await simpleParser(source);
  const recipients = [to ?? []].flat();
  const language = headers.get('content-language');
  return {
    messageId: messageId ?? '',
    to: recipients.map((recipient) => recipient.text).join(', '),
    from: from?.text ?? '',
    subject: subject ?? '',
    text: text ?? '',
    html: html === false || html === undefined ? '' : html,
    language: typeof language === 'string' ? language : '',
    header: (name) => headers.get(name),
  };
}
