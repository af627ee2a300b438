import { z } from 'zod';
import { ACCOUNT_PAGES, type AccountPage, type AccountPageName } from '../pages/account-pages.ts';
import { ACCOUNT_SCRIPT } from '../pages/account-script.ts';
import { ACCOUNT_STYLE } from '../pages/account-style.ts';
import { chooseLanguage } from '../pages/choose-language.ts';
import { renderAccountPage } from '../pages/render-account-page.ts';
import { textsOf } from '../pages/texts-of.ts';
import { type Content, route, type Route } from '../route.ts';
import { ACCOUNT_PAGE_POLICY } from '../security-headers.ts';

const HTML: Content = { contentType: 'text/html; charset=utf-8' };
const SCRIPT: Content = { contentType: 'text/javascript; charset=utf-8' };
const STYLE: Content = { contentType: 'text/css; charset=utf-8' };

const SHARED = { 'Cache-Control': 'public, max-age=300' };

/** Mail programs add parameters of their own to links: what is not known is passed over, not refused. */
const PageQuery = z.object({
  lang: z
    .string()
    .optional()
    .catch(undefined)
    .meta({ description: 'Language of the page; `Accept-Language` decides where it is left out' }),
});
const PageHeaders = z.object({ 'accept-language': z.string().optional() });

const accountPage = (name: AccountPageName, { summary }: AccountPage): Route =>
  route({
    method: 'get',
    path: `/${name}`,
    summary,
    access: 'public',
    limit: 'anonymous',
    input: { query: PageQuery, headers: PageHeaders },
    responses: { 200: HTML },
    handle: ({ headers, query }) => {
      const language = chooseLanguage(query.lang, headers['accept-language']);
      return {
        status: 200,
        body: renderAccountPage(name, textsOf(language)),
        headers: {
          'Content-Security-Policy': ACCOUNT_PAGE_POLICY,
          'Content-Language': language,
          Vary: 'Accept-Language',
        },
      };
    },
  });

const script = (): Route =>
  route({
    method: 'get',
    path: '/pages/account.js',
    summary: 'Part of the pages of mailed links',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: SCRIPT },
    handle: () => ({ status: 200, body: ACCOUNT_SCRIPT, headers: SHARED }),
  });

const style = (): Route =>
  route({
    method: 'get',
    path: '/pages/account.css',
    summary: 'Part of the pages of mailed links',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: STYLE },
    handle: () => ({ status: 200, body: ACCOUNT_STYLE, headers: SHARED }),
  });

/** The small pages behind mailed links, and what they are made of. */
export const pageRoutes = (): readonly Route[] => [
  ...(Object.keys(ACCOUNT_PAGES) as AccountPageName[]).map((name) => accountPage(name, ACCOUNT_PAGES[name])),
  script(),
  style(),
];
