import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMail } from '../../application/ports/gateways/mailer.ts';
import { composeMail } from './compose-mail.ts';
import { readMailbox } from './mailbox.ts';

/** What all mails of an installation have in common. */
export interface MailOrigin {
  /** What links begin with, without a slash at its end; its host is the one of each Message-ID. */
  readonly publicUrl: string;
  /** As MAIL_FROM: `name@host` or `Name <name@host>`. */
  readonly from: string;
}

/**
 * Makes what writes messages for nodemailer, which alone writes headers: addresses are handed over in parts and the subject as plain
 * text, so that nothing in them can begin another header. A message says of itself that a program sent it (RFC 3834, section 5), so
 * that no other program answers it; reports of failed delivery still come.
 *
 * @throws {Error} where the sender is not one mailbox
 */
export function mimeMessages({
  publicUrl,
  from: sender,
}: MailOrigin): (mail: OutgoingMail) => SendMailOptions {
  const from = readMailbox(sender);
  if (from === null) throw new Error('MAIL_FROM must be one mailbox, such as Casegate <cases@example.org>.');
  const { hostname } = new URL(publicUrl);
  return (mail) => {
    const { language, subject, text, html } = composeMail(mail, { publicUrl });
    return {
      messageId: `<${mail.id}@${hostname}>`,
      from: { ...from },
      to: { name: '', address: mail.to },
      subject,
      text,
      html,
      headers: {
        'Content-Language': language,
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply',
      },
      xMailer: false,
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  };
}
