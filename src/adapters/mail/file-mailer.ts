import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { v7, validate, version } from 'uuid';
import type { Mailer, MailVerdict, OutgoingMail } from '../../application/ports/gateways/mailer.ts';
import { Unavailable } from '../../domain/access/errors.ts';
import { faultReason } from './fault-reason.ts';
import { type MailOrigin, mimeMessages } from './mime-messages.ts';

/** What writing mails into a folder needs. */
export interface FileMailerOptions extends MailOrigin {
  /** Made when the first mail is written, closed to everyone else (0700). */
  readonly folder: string;
  /** Told the path of each mail. */
  readonly onWritten: (file: string) => void;
  /** Told why a mail was not written, in a code such as `ENOSPC`. */
  readonly onFault: (reason: string) => void;
}

/** A name that sorts by time. The mail's own id where it is such a one: another attempt then takes the place of the former. */
const nameOf = (id: string): string => (validate(id) && version(id) === 7 ? id : v7());

/** Writes mails into a folder instead of sending them, as `<UUIDv7>.eml` (RFC 5322): for demos, which have no mail server. */
export class FileMailer implements Mailer {
  readonly #options: FileMailerOptions;
  readonly #messageOf: ReturnType<typeof mimeMessages>;
  readonly #transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  /** @throws {Error} where the sender is not one mailbox */
  constructor(options: FileMailerOptions) {
    this.#options = options;
    this.#messageOf = mimeMessages(options);
  }

  /** The file appears under its name when it is whole. */
  async send(mail: OutgoingMail): Promise<MailVerdict> {
    const { folder, onFault, onWritten } = this.#options;
    const { message } = await this.#transport.sendMail(this.#messageOf(mail));
    const file = join(folder, `${nameOf(mail.id)}.eml`);
    const draft = join(folder, `.${randomUUID()}.draft`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, message, { mode: 0o600, flag: 'wx', flush: true });
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      onFault(faultReason(error));
      throw new Unavailable();
    }
    onWritten(file);
    return 'sent';
  }
}
