import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** A header field: its name and value. */
export type HeaderField = readonly [name: string, value: string];

/** What helmet sets, run once: its headers are constants, and computing them would cost every request. */
function helmetHeaders(directives: Readonly<Record<string, readonly string[]>>): readonly HeaderField[] {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  const middleware = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    xFrameOptions: { action: 'deny' },
  });
  middleware(res.req, res, (error?: unknown) => {
    if (error !== undefined) throw new Error('helmet has refused its options', { cause: error });
  });
  return Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}

/** What every answer carries: the API has no pages, so a browser may do nothing with what it is given. */
export const SECURITY_HEADERS: readonly HeaderField[] = [
  ...helmetHeaders({ defaultSrc: ["'none'"], frameAncestors: ["'none'"] }),
  ['cache-control', 'no-store'],
];

/** The content policy of the pages under /docs: files of this origin only, no inline script. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The content policy of the pages behind mailed links, which hold a secret: one script and one style of this origin, nothing inline,
 * no text that becomes markup, nobody else to talk to.
 */
export const ACCOUNT_PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
