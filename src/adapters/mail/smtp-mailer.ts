import { createTransport, type NodemailerError } from 'nodemailer';
import type { Mailer, MailVerdict, OutgoingMail } from '../../application/ports/gateways/mailer.ts';
import { Unavailable } from '../../domain/access/errors.ts';
import { faultReason } from './fault-reason.ts';
import { type MailOrigin, mimeMessages } from './mime-messages.ts';
import { smtpOptions, type SmtpTimeouts } from './smtp-options.ts';

/** What sending by SMTP needs. */
export interface SmtpMailerOptions extends MailOrigin {
  /** As SMTP_URL; a secret, where a password is in it. */
  readonly url: string;
  /** Whether mails may leave this machine over TLS only. */
  readonly requireTls: boolean;
  /** Told why an attempt failed, in codes such as `ETIMEDOUT` or `EAUTH 535`: nothing of the mail, nothing of its reader. */
  readonly onFault: (reason: string) => void;
  /** Milliseconds; 10 s for each wait and 30 s for a whole attempt unless set. */
  readonly timeouts?: Partial<SmtpTimeouts>;
}

const TIMEOUTS: SmtpTimeouts = { connection: 10_000, greeting: 10_000, socket: 10_000, attempt: 30_000 };

/** What a server says to who has not signed in, or not well enough (RFC 4954, section 6): no word about the recipient. */
const SENDER_FAULTS = [530, 534, 535, 538];

/** Whether the server refused this mail for good, rather than its sender or the session. */
function isRefusal({ code, command, permanent, responseCode }: NodemailerError): boolean {
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false;
  // An address that cannot be written into a command was not even offered.
  if (command === 'API') return true;
  const aboutTheMail = command === 'RCPT TO' || command === 'DATA';
  return aboutTheMail && permanent === true && !SENDER_FAULTS.includes(responseCode ?? 0);
}

/** Sends mail by SMTP (RFC 5321) over a pool of connections. */
export class SmtpMailer implements Mailer {
  readonly #messageOf: ReturnType<typeof mimeMessages>;
  readonly #transport: ReturnType<typeof createPool>;
  readonly #attemptMs: number;
  readonly #onFault: SmtpMailerOptions['onFault'];

  /** @throws {Error} where the URL is none of SMTP, or the sender is not one mailbox */
  constructor(options: SmtpMailerOptions) {
    const timeouts = { ...TIMEOUTS, ...options.timeouts };
    this.#messageOf = mimeMessages(options);
    this.#transport = createPool(options, timeouts);
    this.#attemptMs = timeouts.attempt;
    this.#onFault = options.onFault;
  }

  async send(mail: OutgoingMail): Promise<MailVerdict> {
    const message = this.#messageOf(mail);
    try {
      await this.#transport.sendMail({ ...message, signal: AbortSignal.timeout(this.#attemptMs) });
      return 'sent';
    } catch (error) {
      this.#onFault(faultReason(error));
      if (error instanceof Error && isRefusal(error)) return 'refused';
      // Nothing of the failure goes along: its texts quote the server, and servers quote addresses.
      throw new Unavailable();
    }
  }

  /** Closes idle connections now and busy ones after their mail; whatever is sent from then on is `Unavailable`. */
  close(): void {
    this.#transport.close();
  }
}

const createPool = ({ url, requireTls }: SmtpMailerOptions, timeouts: SmtpTimeouts) =>
  createTransport(smtpOptions(url, requireTls, timeouts));
