import { Script } from 'node:vm';
import { expect } from 'chai';
import { ACCOUNT_PAGES, type AccountPageName } from '../../../src/adapters/http/pages/account-pages.ts';
import { ACCOUNT_SCRIPT } from '../../../src/adapters/http/pages/account-script.ts';
import { PAGE_LANGUAGES } from '../../../src/adapters/http/pages/page-language.ts';
import type { PageTexts } from '../../../src/adapters/http/pages/page-texts.ts';
import { renderAccountPage } from '../../../src/adapters/http/pages/render-account-page.ts';
import { MAIL_LANGUAGES } from '../../../src/adapters/mail/mail-language.ts';
import { en } from '../../../src/adapters/http/pages/texts/en.ts';
import { textsOf } from '../../../src/adapters/http/pages/texts-of.ts';
import { pageRoutes } from '../../../src/adapters/http/routes/page-routes.ts';
import { startKernel, stopKernels } from './support/start-kernel.ts';

const names = Object.keys(ACCOUNT_PAGES) as AccountPageName[];
const DIRECTIONS = { en: 'ltr', he: 'rtl', ar: 'rtl', ru: 'ltr' } as const;

/** What the elements of a page are made of, text and values of attributes left out. */
const markupOf = (html: string): string =>
  html
    .split(/(<[^>]*>)/)
    .filter((part) => part.startsWith('<'))
    .map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
    .join('\n');

/** The same texts, with a mark-up of their own in each: what the renderer decides by is left as it is. */
function hostile(value: unknown, name = ''): unknown {
  if (typeof value === 'string') {
    return ['language', 'direction'].includes(name) ? value : `"'><script>alert(1)</script>&lt;${name}`;
  }
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => [key, hostile(inner, key)]),
  );
}

/** Every text of a set, with where it stands. */
const textsIn = (value: object, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'string'
      ? [[`${path}${key}`, inner] as const]
      : textsIn(inner as object, `${path}${key}.`),
  );

describe('A page behind a mailed link', () => {
  for (const language of PAGE_LANGUAGES) {
    for (const name of names) {
      const texts = textsOf(language);
      const html = renderAccountPage(name, texts);

      it(`says what ${name} does in ${language}, in the direction of its script`, () => {
        expect(html).to.contain(`<html lang="${language}" dir="${DIRECTIONS[language]}">`);
        for (const text of Object.values(texts.pages[name])) expect(html).to.contain(text);
        expect(html).to.match(/<meta name="robots" content="noindex"/);
      });

      it(`has nothing inline at ${name} in ${language}, and links that a prefix does not break`, () => {
        expect(html).to.not.match(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
        const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)/g)];
        expect(scripts.map(([, attributes, code]) => [attributes?.trim(), code])).to.deep.equal([
          ['src="pages/account.js" defer', ''],
        ]);
        const links = [...html.matchAll(/(?:src|href|data-post|action)="([^"]*)"/g)].map(
          ([, link = '']) => link,
        );
        expect(links.filter((link) => link.startsWith('/') || /^(?!data:)[a-z]+:/i.test(link))).to.deep.equal(
          [],
        );
        expect(links).to.include.members(['pages/account.css', ACCOUNT_PAGES[name].post]);
      });
    }
  }

  it('escapes every text', () => {
    const texts = hostile(en) as PageTexts;
    for (const name of names) {
      expect(markupOf(renderAccountPage(name, texts)), name).to.equal(markupOf(renderAccountPage(name, en)));
    }
  });

  it('links to each language under its own name, and marks its own', () => {
    const html = renderAccountPage('unlock', textsOf('he'));
    for (const language of PAGE_LANGUAGES) {
      const { direction, name } = textsOf(language);
      const marked = language === 'he' ? ' aria-current="true"' : '';
      expect(html).to.contain(
        `<a href="?lang=${language}" lang="${language}" hreflang="${language}" dir="${direction}"${marked}>${name}</a>`,
      );
    }
  });

  it('asks for a password where one is sent, and nowhere else', () => {
    const asking = names.filter((name) => renderAccountPage(name, en).includes('<input'));
    expect(asking).to.have.members(['reset-password', 'accept-invitation']);
  });

  it('has a text for each outcome that its script knows', () => {
    const known = [...ACCOUNT_SCRIPT.matchAll(/(?:say|textOf|textWithWait)\('([a-z-]+)'/g)].map(
      ([, outcome]) => outcome,
    );
    const html = renderAccountPage('reset-password', en);
    const written = [...html.matchAll(/data-outcome="([a-z-]+)"/g)].map(([, outcome]) => outcome);
    expect([...new Set(known)]).to.have.members(written);
  });

  it('has a script that a browser can read', () => {
    expect(() => new Script(ACCOUNT_SCRIPT)).to.not.throw();
  });
});

const SCRIPTS = {
  en: /^[^\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Cyrillic}]+$/u,
  he: /\p{Script=Hebrew}/u,
  ar: /\p{Script=Arabic}/u,
  ru: /\p{Script=Cyrillic}/u,
} as const;

describe('The texts of the pages', () => {
  for (const language of PAGE_LANGUAGES) {
    const { language: named, direction, ...texts } = textsOf(language);

    it(`are all there in ${language}, in its own script`, () => {
      expect(named).to.equal(language);
      expect(direction).to.equal(DIRECTIONS[language]);
      for (const [where, text] of textsIn(texts)) {
        expect(text.trim(), where).to.equal(text).and.match(SCRIPTS[language]);
      }
    });

    it(`leave a place for the waiting time in ${language}, and for nothing else`, () => {
      const placed = textsIn(texts).filter(([, text]) => /[{}]/.test(text));
      expect(placed.map(([where]) => where)).to.have.members(['tooMany', 'busy']);
      for (const [where, text] of placed) {
        expect(text.match(/\{[^}]*\}?|\}/g), where).to.deep.equal(['{when}']);
      }
    });
  }
});

describe('The pages and the mails that lead to them', () => {
  for (const language of PAGE_LANGUAGES) {
    it(`have the same words on their buttons in ${language}`, () => {
      const { pages } = textsOf(language);
      const { mails } = MAIL_LANGUAGES[language].texts;
      expect(pages.unlock.button).to.equal(mails['account-locked'].button);
      expect(pages['cancel-mfa-reset'].button).to.equal(mails['mfa-reset-requested'].button);
    });
  }
});

describe('The routes of the pages', () => {
  afterEach(stopKernels);

  it('answer in the language of the reader', async () => {
    const { url } = await startKernel(pageRoutes());
    for (const [query, accepted, language] of [
      ['', 'ar-EG, en;q=0.5', 'ar'],
      ['?lang=ru', 'ar', 'ru'],
      ['?lang=de', 'he', 'he'],
      ['?lang=ru&lang=he', 'ar', 'ar'],
      ['?utm_source=mail', '', 'en'],
    ] as const) {
      const response = await fetch(`${url}/verify-email${query}`, {
        headers: { 'accept-language': accepted },
      });
      expect(response.status, query).to.equal(200);
      expect(response.headers.get('content-language'), query).to.equal(language);
      expect(await response.text()).to.equal(renderAccountPage('verify-email', textsOf(language)));
    }
  });

  it('keep the pages out of caches, frames, referrers and the reach of other hosts', async () => {
    const { url } = await startKernel(pageRoutes());
    for (const name of names) {
      const { headers } = await fetch(`${url}/${name}`);
      expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('vary')).to.equal('Accept-Language');
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('x-frame-options')).to.equal('DENY');
      expect(headers.get('content-security-policy')?.split('; ')).to.include.members([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]);
      expect(headers.get('content-security-policy')).to.not.contain('unsafe');
    }
  });

  it('serve what the pages are made of, for a while', async () => {
    const { url } = await startKernel(pageRoutes());
    for (const [file, type] of [
      ['account.js', 'text/javascript; charset=utf-8'],
      ['account.css', 'text/css; charset=utf-8'],
    ] as const) {
      const response = await fetch(`${url}/pages/${file}`);
      expect(response.headers.get('content-type')).to.equal(type);
      expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(response.headers.get('cache-control')).to.equal('public, max-age=300');
      expect((await response.text()).length).to.be.above(1000);
    }
  });
});
