import type { Mailer, MailVerdict, OutgoingMail } from '../../../src/application/ports/gateways/mailer.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';

/** Keeps the mails that it is given, and fails where it is told to. */
export class MemoryMailer implements Mailer {
  #attempts: readonly OutgoingMail[] = [];
  #sent: readonly OutgoingMail[] = [];
  #refusals = 0;
  #outages = 0;

  /** Every mail that was handed over, the oldest first, whatever became of it. */
  get attempts(): readonly OutgoingMail[] {
    return this.#attempts;
  }

  /** What was taken of them. */
  get sent(): readonly OutgoingMail[] {
    return this.#sent;
  }

  /** Refuses the next mails for good, so many as told. */
  refuse(times = 1): void {
    this.#refusals = times;
  }

  /** Is out of reach for the next attempts, so many as told; it refuses what comes afterwards, where it is to. */
  fail(times = 1): void {
    this.#outages = times;
  }

  send(mail: OutgoingMail): Promise<MailVerdict> {
    this.#attempts = [...this.#attempts, mail];
    if (this.#outages > 0) {
      this.#outages -= 1;
      return Promise.reject(new Unavailable());
    }
    if (this.#refusals > 0) {
      this.#refusals -= 1;
      return Promise.resolve('refused');
    }
    this.#sent = [...this.#sent, mail];
    return Promise.resolve('sent');
  }
}
