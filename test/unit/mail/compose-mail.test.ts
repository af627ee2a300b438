import { expect } from 'chai';
import { composeMail } from '../../../src/adapters/mail/compose-mail.ts';
import type { MailContent } from '../../../src/application/ports/gateways/mail-content.ts';
import { ACCOUNT_MAILS, LINK_PATHS, TOKEN } from './account-mails.ts';
import { CASE_ID, CASE_MAILS, GRANT_ID } from './case-mails.ts';
import { LEGACY_MAILS, LINK_CODE } from './legacy-mails.ts';

const PUBLIC_URL = 'https://cases.example.org';
const SCRIPTS = { en: 'Latin', he: 'Hebrew', ar: 'Arabic', ru: 'Cyrillic' } as const;
const MAILS: readonly MailContent[] = [
  ...Object.values(ACCOUNT_MAILS),
  ...Object.values(CASE_MAILS),
  ...Object.values(LEGACY_MAILS),
];
const LANGUAGES = ['en', 'he', 'ar', 'ru'] as const;

const compose = (content: MailContent, language = 'en', publicUrl = PUBLIC_URL) =>
  composeMail({ language, content }, { publicUrl });

/** Told apart where one kind has two texts. */
const nameOf = (content: MailContent): string =>
  'overdue' in content && content.overdue ? `${content.kind} (overdue)` : content.kind;

/** What is shown of a page, without its title. */
const shown = (html: string): string =>
  html
    .replace(/<title>[^<]*<\/title>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

describe('composeMail', () => {
  for (const language of LANGUAGES) {
    describe(`in ${language}`, () => {
      for (const content of MAILS) {
        const name = nameOf(content);

        it(`leaves no place open in ${name}`, () => {
          const { subject, text, html } = compose(content, language);
          expect(`${subject}${text}${shown(html)}`).to.not.match(/[{}]|undefined|null|NaN|Invalid|\[object/);
          expect(subject.trim()).to.equal(subject).and.not.equal('');
        });

        it(`writes ${name} in its own script`, () => {
          const { subject, text, html } = compose(content, language);
          const script = new RegExp(`\\p{Script=${SCRIPTS[language]}}`, 'u');
          for (const form of [subject, text, shown(html)]) expect(form).to.match(script);
        });

        it(`says the same in plain text as in HTML: ${name}`, () => {
          const { text, html } = compose(content, language);
          const page = shown(html);
          const paragraphs = text.split('\n\n').map((paragraph) => paragraph.trim());
          const withoutLink = paragraphs.filter((paragraph) => !paragraph.includes('#token='));
          expect(withoutLink.length).to.be.at.least(2);
          for (const paragraph of withoutLink) expect(page).to.include(paragraph);
        });
      }

      it('has a subject of its own for each kind', () => {
        const subjects = MAILS.map((content) => compose(content, language).subject);
        expect(new Set(subjects).size).to.equal(subjects.length);
      });

      it('names each second factor', () => {
        const factors = (['totp', 'passkey'] as const).map(
          (factor) => compose({ kind: 'second-factor-added', factor }, language).text,
        );
        expect(factors[0]).to.not.equal(factors[1]);
      });
    });
  }

  it('has a text of its own for each language', () => {
    for (const content of MAILS) {
      const mails = LANGUAGES.map((language) => compose(content, language));
      for (const form of ['subject', 'text', 'html'] as const) {
        expect(new Set(mails.map((mail) => mail[form])).size, content.kind).to.equal(LANGUAGES.length);
      }
    }
  });

  it('stays within ASCII in English, so that every header and every line is readable as it is', () => {
    for (const content of MAILS) expect(compose(content).subject).to.match(/^[\x20-\x7e]+$/);
  });

  describe('the language of the reader', () => {
    const chosen: Record<string, string> = {
      'he-IL': 'he',
      iw: 'he',
      'iw-IL': 'he',
      HE: 'he',
      'ar-EG': 'ar',
      'ar-Latn-u-nu-latn': 'ar',
      'ru-UA': 'ru',
      'en-GB': 'en',
      'fr-CA': 'en',
      hero: 'en',
      '': 'en',
      constructor: 'en',
      'not a tag': 'en',
    };
    for (const [tag, language] of Object.entries(chosen)) {
      it(`is ${language} for ${JSON.stringify(tag)}`, () => {
        expect(compose({ kind: 'password-changed' }, tag).language).to.equal(language);
      });
    }
  });

  describe('the page', () => {
    it('is marked with its language and direction', () => {
      const directions = { en: 'ltr', he: 'rtl', ar: 'rtl', ru: 'ltr' } as const;
      for (const language of LANGUAGES) {
        const { html } = compose({ kind: 'password-changed' }, language);
        for (const element of ['html', 'body']) {
          expect(html).to.include(`<${element} lang="${language}" dir="${directions[language]}"`);
        }
      }
    });

    it('asks nothing of any host: no images, scripts, style sheets, fonts or forms', () => {
      for (const content of MAILS) {
        const { html } = compose(content, 'he');
        expect(html).to.not.match(
          /<(img|script|link|style|iframe|form|input|object|video|svg)|url\(|@import|\bsrc=/i,
        );
        const addresses = [...html.matchAll(/https?:\/\/[^"<\s]+/g)].map(([address]) => address);
        expect(addresses.every((address) => address.startsWith(`${PUBLIC_URL}/`))).to.equal(true);
      }
    });

    it('has one title and one heading', () => {
      const { html, subject } = compose({ kind: 'password-changed' });
      expect(html).to.include(`<title>${subject}</title>`);
      expect(html.match(/<h1[ >]/g)).to.have.length(1);
    });
  });

  describe('the link', () => {
    for (const [kind, path] of Object.entries(LINK_PATHS)) {
      const content = ACCOUNT_MAILS[kind as keyof typeof LINK_PATHS];

      it(`of ${kind} is exactly ${path}#token=…, on a line of its own and in two places of the page`, () => {
        for (const language of LANGUAGES) {
          const { text, html } = compose(content, language);
          const link = `${PUBLIC_URL}${path}#token=${TOKEN}`;
          expect(text.split('\n')).to.include(link);
          expect(html.split(`href="${link}"`)).to.have.length(3);
          expect(html).to.include(`<bdi dir="ltr">${link}</bdi>`);
        }
      });
    }

    it('is in no mail that has no token', () => {
      for (const content of MAILS.filter((mail) => !('token' in mail))) {
        const { text, html } = compose(content);
        expect(`${text}${html}`).to.not.match(/href|token|https?:/);
      }
    });

    it('begins with the public URL as it is set, path and port included', () => {
      const { text } = compose(ACCOUNT_MAILS.invitation, 'en', 'http://localhost:3000/practice');
      expect(text).to.include(`\nhttp://localhost:3000/practice/accept-invitation#token=${TOKEN}\n`);
    });

    it('comes with how long it is valid', () => {
      const lifetimes: Partial<Record<MailContent['kind'], readonly [en: string, he: string, ru: string]>> = {
        'verify-email': ['24 hours', '24 שעות', '24 часа'],
        'confirm-email-change': ['24 hours', '24 שעות', '24 часа'],
        'reset-password': ['1 hour', 'שעה אחת', '1 час'],
        invitation: ['7 days', '7 ימים', '7 дней'],
        'account-locked': ['1 hour', 'שעה אחת', '1 час'],
      };
      for (const content of MAILS) {
        const [english, hebrew, russian] = lifetimes[content.kind] ?? [];
        if (english === undefined || hebrew === undefined || russian === undefined) continue;
        expect(compose(content, 'en').text, content.kind).to.include(`: ${english}.`);
        expect(compose(content, 'he').text, content.kind).to.include(`: ${hebrew}.`);
        expect(compose(content, 'ru').text, content.kind).to.include(`: ${russian}.`);
      }
    });
  });

  describe('a mail about a case', () => {
    const caseMails = Object.values(CASE_MAILS);

    it('names the case by its id, in its text and never in its subject', () => {
      for (const content of caseMails) {
        for (const language of LANGUAGES) {
          const { subject, text, html } = compose(content, language);
          expect(text.split(CASE_ID), nameOf(content)).to.have.length(2);
          expect(html.split(`<bdi>${CASE_ID}</bdi>`), nameOf(content)).to.have.length(2);
          expect(subject).to.not.match(/[0-9]/);
        }
      }
    });

    it('says no more than there is a place for, whatever else its content holds', () => {
      for (const content of caseMails) {
        const { subject, text, html } = compose({ ...content, ...{ question: 'chest pain' } });
        expect(`${subject}${text}${html}`).to.not.include('chest pain');
      }
    });

    it('keeps ids in one piece within text that runs from right to left (UAX 9)', () => {
      for (const language of ['he', 'ar'] as const) {
        const { text } = compose(CASE_MAILS['break-glass-used'], language);
        for (const id of [CASE_ID, GRANT_ID]) expect(text).to.include(`: \u200e${id}.`);
      }
    });

    it('tells in UTC when the answer is due and when a question, or an access, ends', () => {
      for (const content of caseMails.filter((mail) => 'dueAt' in mail || 'expiresAt' in mail)) {
        for (const language of LANGUAGES) expect(compose(content, language).text).to.include('21:05 UTC');
        expect(compose(content).text).to.include('November 24, 2026 at 21:05 UTC');
      }
    });

    it('says of an unclaimed case whether it is late', () => {
      for (const language of LANGUAGES) {
        const [early, late] = [CASE_MAILS['case-unclaimed'], CASE_MAILS['case-overdue']];
        expect(compose(early, language).text).to.not.equal(compose(late, language).text);
      }
      expect(compose(CASE_MAILS['case-overdue']).text).to.include('When the answer was due: November 24');
    });

    it('says of a case with somebody who is away what is true in each of its states', () => {
      // A case that waits for its patient is not in review, and cannot be released.
      const stateOrQueue = {
        en: /review|queue/i,
        he: /בבדיקה|לתור/,
        ar: /المراجعة|الانتظار/,
        ru: /рассмотр|очеред/i,
      };
      for (const language of LANGUAGES) {
        const { subject, text } = compose(CASE_MAILS['case-assignee-away'], language);
        expect(`${subject}\n${text}`).to.not.match(stateOrQueue[language]);
      }
      expect(compose(CASE_MAILS['case-assignee-away']).text).to.include('to reassign it');
    });

    it('tells of an access when it is given, and not that anything was read', () => {
      const hasRead = { en: /opened|has read/i, he: /נפתח|נקרא/, ar: /اطّلع/, ru: /открыл|прочита/i };
      for (const language of LANGUAGES) {
        const { subject, text } = compose(CASE_MAILS['break-glass-used'], language);
        expect(`${subject}\n${text}`).to.not.match(hasRead[language]);
      }
      expect(compose(CASE_MAILS['break-glass-used']).subject).to.include('may now read');
    });

    it('gives the admin who reviews an access its id', () => {
      for (const language of LANGUAGES) {
        expect(compose(CASE_MAILS['break-glass-used'], language).text).to.include(GRANT_ID);
      }
    });
  });

  describe('a mail with a code', () => {
    const content = LEGACY_MAILS['legacy-link-code'];

    it('has the code once in its text, as it is to be typed, and never in its subject', () => {
      for (const language of LANGUAGES) {
        const { subject, text, html } = compose(content, language);
        expect(text).to.match(new RegExp(`: ${LINK_CODE}$`, 'm'));
        expect(text.split(LINK_CODE)).to.have.length(2);
        expect(html).to.include(`: <bdi>${LINK_CODE}</bdi></p>`);
        expect(subject).to.not.match(/[0-9]/);
      }
    });

    it('says for how long it is valid', () => {
      const lifetimes = { en: '15 minutes', he: '15 דקות', ar: '15 دقيقة', ru: '15 минут' };
      for (const language of LANGUAGES) {
        expect(compose(content, language).text).to.include(`: ${lifetimes[language]}.`);
      }
    });
  });

  describe('a mail about the legacy service', () => {
    it('names neither vendor nor identifier, whatever else its content holds', () => {
      for (const content of Object.values(LEGACY_MAILS)) {
        const { subject, text, html } = compose({ ...content, ...{ vendorId: 'fund', identifier: '77-1' } });
        expect(`${subject}${text}${html}`).to.not.match(/fund|77-1/);
      }
    });
  });

  describe('values', () => {
    it('tells in UTC, and says so, when second factors are removed', () => {
      const content = ACCOUNT_MAILS['mfa-reset-requested'];
      expect(compose(content, 'en').text).to.include('November 24, 2026 at 21:05 UTC');
      expect(compose(content, 'he').text).to.include('24 בנובמבר 2026 בשעה 21:05 UTC');
      expect(compose(content, 'ar').text).to.match(/24 نوفمبر 2026 .*21:05 UTC/);
      expect(compose(content, 'ru').text).to.match(/24 ноября 2026 г\. .*21:05 UTC/);
    });

    it('tells how many recovery codes are left, none included', () => {
      for (const language of LANGUAGES) {
        for (const remaining of [0, 9]) {
          const { text, html } = compose({ kind: 'recovery-code-used', remaining }, language);
          expect(text).to.include(`: ${remaining}.`);
          expect(html).to.include(`: <bdi>${remaining}</bdi>.`);
        }
      }
    });

    it('never become markup', () => {
      const hostile = `"><script>alert(1)</script>'&{factor}`;
      for (const content of MAILS.filter((mail) => 'token' in mail)) {
        for (const language of LANGUAGES) {
          const { html } = compose(
            { ...content, token: hostile },
            language,
            `https://cases.example.org/"'<b>&`,
          );
          expect(html).to.not.match(/<script|<b>/);
          expect(html.match(/<a href="[^"<>]*" style="[^"<>]*">/g)).to.have.length(2);
        }
      }
    });

    it('are not taken for places that the text leaves open, or for patterns', () => {
      const { text } = compose(
        ACCOUNT_MAILS['verify-email'],
        'en',
        'https://cases.example.org/{validFor}/$&',
      );
      expect(text).to.include(`https://cases.example.org/{validFor}/$&/verify-email#token=${TOKEN}`);
    });
  });
});
