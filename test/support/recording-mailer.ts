import { setTimeout as delay } from 'node:timers/promises';
import type { MailContent } from '../../src/application/ports/gateways/mail-content.ts';
import type { Mailer, MailVerdict, OutgoingMail } from '../../src/application/ports/gateways/mailer.ts';

/** What a mail of this kind says. */
export type MailOf<Kind extends MailContent['kind']> = Extract<MailContent, { readonly kind: Kind }>;

const LIMIT_MS = 3000;

/** Takes every mail that the service sends, and gives each out once to a test that waits for it. */
export class RecordingMailer implements Mailer {
  #unread: readonly OutgoingMail[] = [];

  send(mail: OutgoingMail): Promise<MailVerdict> {
    this.#unread = [...this.#unread, mail];
    return Promise.resolve('sent');
  }

  /** The kinds of the mails to this address that nobody has taken yet, the oldest first. */
  unread(to: string): readonly MailContent['kind'][] {
    return this.#unread.filter((mail) => mail.to === to).map(({ content }) => content.kind);
  }

  /**
   * Takes the oldest mail of this kind to this address, waiting for it where it is still under way.
   *
   * @throws {Error} where none has come within three seconds
   */
  async next<Kind extends MailContent['kind']>(kind: Kind, to: string): Promise<MailOf<Kind>> {
    const deadline = performance.now() + LIMIT_MS;
    for (;;) {
      const content = this.#take(kind, to);
      if (content) return content;
      if (performance.now() > deadline) {
        throw new Error(`No mail "${kind}" within ${LIMIT_MS} ms; there is: ${this.unread(to).join(', ')}.`);
      }
      await delay(5);
    }
  }

  #take<Kind extends MailContent['kind']>(kind: Kind, to: string): MailOf<Kind> | null {
    for (const mail of this.#unread) {
      if (mail.to !== to || !isOf(mail.content, kind)) continue;
      this.#unread = this.#unread.filter((other) => other !== mail);
      return mail.content;
    }
    return null;
  }
}

const isOf = <Kind extends MailContent['kind']>(content: MailContent, kind: Kind): content is MailOf<Kind> =>
  content.kind === kind;
