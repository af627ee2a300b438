import { expect } from 'chai';
import type { Mailer, OutgoingMail } from '../../../src/application/ports/gateways/mailer.ts';

/** A mail as its reader gets it, decoded. */
export interface DeliveredMail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The header Content-Language (RFC 3282). */
  readonly language: string;
}

/** A mailer, and where its mails arrive. */
export interface MailerFixture {
  readonly mailer: Mailer;
  /** What links begin with. */
  readonly publicUrl: string;
  /** The latest mail that arrived. */
  readonly latest: () => Promise<DeliveredMail>;
}

const TOKEN = 'Zm9yIHRoZSBjb250cmFjdCBvZiBtYWlsZXJzLCBvbmx5';
const ID = '01900000-0000-7000-8000-00000000000a';
const MAIL: OutgoingMail = {
  id: ID,
  to: 'reader@example.org',
  language: 'en',
  content: { kind: 'reset-password', token: TOKEN },
};

/** What every mailer does. */
export function mailerContract(name: string, make: () => MailerFixture | Promise<MailerFixture>): void {
  describe(`${name} as a mailer`, () => {
    let fixture: MailerFixture;

    beforeEach(async () => {
      fixture = await make();
    });

    const send = async (mail: OutgoingMail): Promise<DeliveredMail> => {
      expect(await fixture.mailer.send(mail)).to.equal('sent');
      return fixture.latest();
    };

    it('sends a mail to its reader', async () => {
      const mail = await send(MAIL);
      expect(mail.to).to.equal('reader@example.org');
      expect(mail.subject).to.not.equal('');
    });

    it('has the link in the plain text and in the HTML', async () => {
      const link = `${fixture.publicUrl}/reset-password#token=${TOKEN}`;
      const { text, html } = await send(MAIL);
      expect(text).to.include(link);
      expect(html).to.include(`href="${link}"`);
    });

    it('gives another attempt at a mail the same Message-ID, and another mail another', async () => {
      const first = await send(MAIL);
      const again = await send(MAIL);
      const other = await send({ ...MAIL, id: '01900000-0000-7000-8000-00000000000b' });
      expect(first.messageId).to.include(ID);
      expect(again.messageId).to.equal(first.messageId);
      expect(other.messageId).to.not.equal(first.messageId);
    });

    it('writes in the language of the reader', async () => {
      const english = await send(MAIL);
      const hebrew = await send({ ...MAIL, language: 'he-IL' });
      expect(english.language).to.equal('en');
      expect(hebrew.language).to.equal('he');
      expect(hebrew.subject).to.match(/\p{Script=Hebrew}/u);
      expect(hebrew.text).to.match(/\p{Script=Hebrew}/u);
      expect(hebrew.html).to.match(/<html[^>]* dir="rtl"/);
    });

    it('writes in English to readers of a language without texts', async () => {
      const mail = await send({ ...MAIL, language: 'tlh' });
      expect(mail.language).to.equal('en');
    });
  });
}
