import { ACCOUNT_PAGES, type AccountPageName } from './account-pages.ts';
import { PAGE_LANGUAGES, type PageLanguage } from './page-language.ts';
import type { PageTexts } from './page-texts.ts';
import { textsOf } from './texts-of.ts';

/**
 * A page behind a mailed link, the same for everybody: the token is in the fragment of the address, which browsers do not send. Its
 * links are relative, so that a proxy may serve it under a prefix. What its script may come to say is in it, in a template.
 */
export function renderAccountPage(name: AccountPageName, texts: PageTexts): string {
  const page = texts.pages[name];
  const { asksPassword, post } = ACCOUNT_PAGES[name];
  return `<!doctype html>
<html lang="${texts.language}" dir="${texts.direction}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>${escaped(page.title)} · Casegate</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="pages/account.css">
    <script src="pages/account.js" defer></script>
  </head>
  <body>
    <main>
      <h1>${escaped(page.title)}</h1>
      <noscript><p>${escaped(texts.noScript)}</p></noscript>
      <form id="act" data-post="${escaped(post)}" method="post" novalidate hidden>
        <p id="intro">${escaped(page.intro)}</p>
${asksPassword ? passwordField(texts) : ''}        <button type="submit" aria-describedby="intro">${escaped(page.button)}</button>
      </form>
      <p id="result" role="status" aria-live="polite" tabindex="-1"></p>
    </main>
    <nav aria-label="${escaped(texts.languages)}">
      <ul>
${PAGE_LANGUAGES.map((language) => languageLink(language, texts.language)).join('\n')}
      </ul>
    </nav>
    <template id="texts">
${outcomes(page, texts)}
    </template>
  </body>
</html>
`;
}

const passwordField = (texts: PageTexts): string => `        <div class="field">
          <label for="new-password">${escaped(texts.newPassword)}</label>
          <input id="new-password" name="newPassword" type="password" autocomplete="new-password" autocapitalize="none" spellcheck="false" dir="auto" required aria-describedby="result">
          <button id="show-password" type="button" aria-pressed="false" aria-controls="new-password">${escaped(texts.showPassword)}</button>
        </div>
`;

function languageLink(language: PageLanguage, current: PageLanguage): string {
  const { direction, name } = textsOf(language);
  const marked = language === current ? ' aria-current="true"' : '';
  return `        <li><a href="?lang=${language}" lang="${language}" hreflang="${language}" dir="${direction}"${marked}>${escaped(name)}</a></li>`;
}

/** What the script says, by the outcome of the act. */
const outcomes = (page: PageTexts['pages'][AccountPageName], texts: PageTexts): string =>
  Object.entries({
    'link-incomplete': texts.linkIncomplete,
    'under-way': texts.underWay,
    done: page.done,
    'link-invalid': page.linkInvalid,
    'password-rejected': texts.passwordRejected,
    'too-many': texts.tooMany,
    busy: texts.busy,
    taken: texts.taken,
    unreachable: texts.unreachable,
    failed: texts.failed,
  })
    .map(([outcome, text]) => `      <p data-outcome="${outcome}">${escaped(text)}</p>`)
    .join('\n');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it is written in HTML, inside of an element or of an attribute between quotes. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
