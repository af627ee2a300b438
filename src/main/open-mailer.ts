import { join } from 'node:path';
import type { Mailer } from '../application/ports/gateways/mailer.ts';
import { FileMailer } from '../adapters/mail/file-mailer.ts';
import { SmtpMailer } from '../adapters/mail/smtp-mailer.ts';
import type { Config } from './config/config.ts';

/** A way for mail to leave, and how to let go of it. */
export interface OpenMailer {
  readonly mailer: Mailer;
  readonly close: () => void;
}

/**
 * Mail by SMTP where a server is named; otherwise it is written into a folder.
 *
 * @param onEvent told where a mail was written and why one was not sent, without anything of the mail
 */
export function openMailer(config: Config, onEvent: (event: string) => void): OpenMailer {
  const { dataDir, mailFrom: from, publicUrl, smtp } = config;
  const onFault = (reason: string) => onEvent(`not sent (${reason})`);
  if (smtp === null) {
    const folder = join(dataDir, 'outbox');
    const onWritten = (file: string) => onEvent(`written to ${file}`);
    const mailer = new FileMailer({ folder, from, publicUrl, onWritten, onFault });
    return { mailer, close: () => undefined };
  }
  const mailer = new SmtpMailer({ ...smtp, from, publicUrl, onFault });
  return { mailer, close: () => mailer.close() };
}
