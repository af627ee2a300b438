import { expect } from 'chai';
import { ACCOUNT_PAGES, type AccountPageName } from '../../src/adapters/http/pages/account-pages.ts';
import { ar } from '../../src/adapters/http/pages/texts/ar.ts';
import { en } from '../../src/adapters/http/pages/texts/en.ts';
import { he } from '../../src/adapters/http/pages/texts/he.ts';
import { ru } from '../../src/adapters/http/pages/texts/ru.ts';
import { RateLimited, TokenInvalid, Unavailable } from '../../src/domain/access/errors.ts';
import { EmailTaken, PasswordRejected } from '../../src/domain/identity/errors.ts';
import { type BrowserWindow, openWindow } from '../support/browser.ts';
import { stopKernels } from '../unit/http/support/start-kernel.ts';
import { serveAccountPages, type ServedPages } from './serve-account-pages.ts';

const TOKEN = 'Ab3-_'.repeat(8) + 'xyz';
const PASSWORD = 'correct horse battery staple';

describe('The pages behind mailed links, in Chromium', () => {
  let served: ServedPages;
  let window: BrowserWindow;
  beforeEach(async () => {
    served = await serveAccountPages();
    window = await openWindow();
  });
  afterEach(async () => {
    await window.close();
    await stopKernels();
  });

  const open = (name: AccountPageName, rest = `#token=${TOKEN}`) =>
    window.page.goto(`${served.url}/${name}${rest}`);
  const button = (name: AccountPageName, texts = en) =>
    window.page.getByRole('button', { name: texts.pages[name].button });
  const status = () => window.page.getByRole('status');
  /** Resolves when the page says exactly this. */
  const says = (text: string) =>
    window.page.locator(`[role=status]:text-is(${JSON.stringify(text)})`).waitFor();
  const focused = () =>
    window.page.evaluate<string>('document.activeElement.id || document.activeElement.type');

  it('change nothing when they are opened, and take the token out of the address', async () => {
    for (const name of Object.keys(ACCOUNT_PAGES) as AccountPageName[]) {
      await open(name);
      expect(await button(name).isVisible(), name).to.be.true;
      expect(window.page.url()).to.equal(`${served.url}/${name}`);
    }
    await window.page.waitForLoadState('networkidle');
    expect(served.sent).to.deep.equal([]);
    expect(window.requests.filter((request) => !request.startsWith('GET '))).to.deep.equal([]);
  });

  it('send the token when the button is pressed with the keyboard, and say what was done', async () => {
    const { page } = window;
    for (const name of Object.keys(ACCOUNT_PAGES) as AccountPageName[]) {
      await open(name);
      const { asksPassword, post } = ACCOUNT_PAGES[name];
      if (asksPassword) await page.getByLabel(en.newPassword).fill(PASSWORD);
      await button(name).focus();
      await page.keyboard.press('Enter');
      await says(en.pages[name].done);
      expect(served.sent.at(-1), name).to.deep.equal({
        path: `/${post}`,
        body: { token: TOKEN, ...(asksPassword && { newPassword: PASSWORD }) },
      });
      expect(await focused(), name).to.equal('result');
      expect(await page.getByRole('button').count(), name).to.equal(0);
    }
    expect(served.sent).to.have.length(Object.keys(ACCOUNT_PAGES).length);
  });

  it('send it once, however often the button is pressed meanwhile', async () => {
    await open('unlock');
    await window.page.evaluate(
      `{ const button = document.querySelector('[type=submit]'); button.click(); button.click(); button.form.requestSubmit(); }`,
    );
    await says(en.pages.unlock.done);
    expect(served.sent).to.have.length(1);
  });

  it('keep the token where a password is refused, say why, and take the next one', async () => {
    const { page } = window;
    await open('reset-password');
    const field = page.getByLabel(en.newPassword);
    await field.fill('short');
    const refusal = new PasswordRejected('too-short', 15);
    served.refuseNext(refusal);
    await page.keyboard.press('Enter');
    await says(`${en.passwordRejected} ${refusal.message}`);
    expect(await focused()).to.equal('new-password');
    expect(await field.getAttribute('aria-invalid')).to.equal('true');
    expect(await field.getAttribute('aria-describedby')).to.equal(await status().getAttribute('id'));

    await field.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await says(en.pages['reset-password'].done);
    expect(served.sent.map(({ body }) => body)).to.deep.equal([
      { token: TOKEN, newPassword: 'short' },
      { token: TOKEN, newPassword: PASSWORD },
    ]);
    expect(await page.locator('#new-password').inputValue()).to.equal('');
  });

  it('show and hide the password', async () => {
    const { page } = window;
    await open('accept-invitation');
    const field = page.getByLabel(en.newPassword);
    const toggle = page.getByRole('button', { name: en.showPassword });
    expect(await field.getAttribute('autocomplete')).to.equal('new-password');
    for (const [shown, type] of [
      ['true', 'text'],
      ['false', 'password'],
    ] as const) {
      await toggle.click();
      expect(await field.getAttribute('type')).to.equal(type);
      expect(await toggle.getAttribute('aria-pressed')).to.equal(shown);
    }
    expect(served.sent).to.deep.equal([]);
  });

  it('say when to try again, and let one try', async () => {
    await open('verify-email');
    for (const [refusal, text] of [
      [new RateLimited(30), en.tooMany.replace('{when}', 'in 30 seconds')],
      [new RateLimited(900), en.tooMany.replace('{when}', 'in 15 minutes')],
      [new Unavailable(1), en.busy.replace('{when}', 'in 2 seconds')],
    ] as const) {
      served.refuseNext(refusal);
      await button('verify-email').click();
      await says(text);
      expect(await focused()).to.equal('submit');
    }
    await window.page.route('**/auth/**', (call) => call.abort(), { times: 1 });
    await button('verify-email').click();
    await says(en.unreachable);
    await window.page.route('**/auth/**', (call) => call.fulfill({ status: 502, body: 'no' }), { times: 1 });
    await button('verify-email').click();
    await says(en.failed);
    await button('verify-email').click();
    await says(en.pages['verify-email'].done);
  });

  it('say what to do next where the link is no longer valid', async () => {
    const { page } = window;
    await open('reset-password');
    await page.getByLabel(en.newPassword).fill(PASSWORD);
    served.refuseNext(new TokenInvalid());
    await button('reset-password').click();
    await says(en.pages['reset-password'].linkInvalid);
    expect(await page.getByRole('button').count()).to.equal(0);
    expect(await focused()).to.equal('result');
  });

  it('say that the address has an account by now, instead of a fault', async () => {
    await open('verify-email', `?lang=ar#token=${TOKEN}`);
    served.refuseNext(new RateLimited(900));
    await button('verify-email', ar).click();
    await says(ar.tooMany.replace('{when}', 'خلال 15 دقيقة'));
    served.refuseNext(new EmailTaken());
    await button('verify-email', ar).click();
    await says(ar.taken);
    expect(await window.page.getByRole('button').count()).to.equal(0);
    expect(await focused()).to.equal('result');
  });

  it('ask for the link of the mail where the address has no whole token, and take it in the same tab', async () => {
    for (const rest of ['', '#token=', `#token=${TOKEN.slice(1)}`, `?token=${TOKEN}`]) {
      await open('unlock', rest);
      await says(en.linkIncomplete);
      expect(await window.page.getByRole('button').count(), rest).to.equal(0);
    }
    await open('unlock', '');
    await open('unlock');
    await button('unlock').waitFor();
  });

  it('are written in the language of the reader, from right to left too, and keep the token for another one', async () => {
    await window.close();
    window = await openWindow({ locale: 'he-IL' });
    const { page } = window;
    await open('verify-email');
    await button('verify-email', he).waitFor();
    expect(await page.evaluate('getComputedStyle(document.body).direction')).to.equal('rtl');

    await page.getByRole('link', { name: ru.name }).click();
    await button('verify-email', ru).waitFor();
    expect(page.url()).to.equal(`${served.url}/verify-email?lang=ru`);
    expect(await page.evaluate('getComputedStyle(document.body).direction')).to.equal('ltr');
    served.refuseNext(new RateLimited(2));
    await button('verify-email', ru).click();
    await says(ru.tooMany.replace('{when}', 'через 2 секунды'));
    await button('verify-email', ru).click();
    await says(ru.pages['verify-email'].done);
    expect(served.sent.at(-1)?.body).to.deep.equal({ token: TOKEN });
  });

  it('say that they need a script where there is none', async () => {
    await window.close();
    window = await openWindow({ javaScriptEnabled: false });
    await open('reset-password');
    expect(await window.page.locator('noscript p').isVisible()).to.be.true;
    expect(await window.page.getByRole('button').count()).to.equal(0);
  });

  it('fit on a small screen, in light and dark, and ask nothing of another host', async () => {
    await window.close();
    window = await openWindow({ viewport: { width: 320, height: 480 }, colorScheme: 'dark' });
    const { complaints, page, requests } = window;
    for (const lang of ['en', 'he', 'ar', 'ru']) {
      for (const name of Object.keys(ACCOUNT_PAGES) as AccountPageName[]) {
        await open(name, `?lang=${lang}#token=${TOKEN}`);
        expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} ${lang}`).to.equal(320);
      }
    }
    const background = 'getComputedStyle(document.querySelector("main")).backgroundColor';
    const dark = await page.evaluate(background);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.evaluate(background))
      .to.equal('rgb(255, 255, 255)')
      .and.not.equal(dark);
    expect(complaints).to.deep.equal([]);
    expect(requests.filter((request) => !request.startsWith(`GET ${served.url}/`))).to.deep.equal([]);
    expect(requests.some((request) => request.includes(TOKEN))).to.be.false;
  });
});
