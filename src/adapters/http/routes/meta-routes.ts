import { z } from 'zod';
import type { Application } from '../../../application/application.ts';
import { DOCS_INIT, DOCS_PAGE } from '../docs/docs-page.ts';
import { problemsPage } from '../docs/problems-page.ts';
import { swaggerFile } from '../docs/swagger-file.ts';
import { type Content, route, type Route } from '../route.ts';
import { PAGE_POLICY } from '../security-headers.ts';

const HTML: Content = { contentType: 'text/html; charset=utf-8' };
const SCRIPT: Content = { contentType: 'text/javascript; charset=utf-8' };
const STYLE: Content = { contentType: 'text/css; charset=utf-8' };
const JSON_TEXT: Content = { contentType: 'application/json; charset=utf-8' };

/** What is the same for everybody may be kept for a while. */
const SHARED = { 'Cache-Control': 'public, max-age=300' };
/** Swagger UI is the largest of it, and changes with its package only. */
const PACKAGED = { 'Cache-Control': 'public, max-age=86400' };
const PAGE = { ...SHARED, 'Content-Security-Policy': PAGE_POLICY };

const SigningKey = z
  .object({
    kty: z.string(),
    crv: z.string(),
    x: z.string(),
    kid: z.string(),
    alg: z.string(),
    use: z.literal('sig'),
  })
  .meta({ id: 'SigningKey' });

const jwks = (app: Application): Route =>
  route({
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The public keys of access tokens (RFC 7517)',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: z.object({ keys: z.array(SigningKey) }) },
    problems: ['request.unavailable'],
    handle: async () => ({
      status: 200,
      body: { keys: await app.access.listPublicKeys.execute() },
      headers: { 'Cache-Control': 'public, max-age=60' },
    }),
  });

const openApiJson = (openApi: () => string): Route =>
  route({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description (OpenAPI 3.1)',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: JSON_TEXT },
    handle: () => ({ status: 200, body: openApi(), headers: SHARED }),
  });

const docsPage = (): Route =>
  route({
    method: 'get',
    path: '/docs',
    summary: 'The same as a page to browse',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: HTML },
    handle: () => ({ status: 200, body: DOCS_PAGE, headers: PAGE }),
  });

const problemsHtml = (): Route =>
  route({
    method: 'get',
    path: '/docs/problems',
    summary: 'Every problem that an answer can tell of',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: HTML },
    handle: () => ({ status: 200, body: problemsPage(), headers: PAGE }),
  });

const docsInit = (): Route =>
  route({
    method: 'get',
    path: '/docs/init.js',
    summary: 'Part of the page',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: SCRIPT },
    handle: () => ({ status: 200, body: DOCS_INIT, headers: SHARED }),
  });

const docsBundle = (): Route => {
  const read = swaggerFile('swagger-ui-bundle.js');
  return route({
    method: 'get',
    path: '/docs/swagger-ui-bundle.js',
    summary: 'Part of the page',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: SCRIPT },
    handle: async () => ({ status: 200, body: await read(), headers: PACKAGED }),
  });
};

const docsStyle = (): Route => {
  const read = swaggerFile('swagger-ui.css');
  return route({
    method: 'get',
    path: '/docs/swagger-ui.css',
    summary: 'Part of the page',
    access: 'public',
    limit: 'anonymous',
    responses: { 200: STYLE },
    handle: async () => ({ status: 200, body: await read(), headers: PACKAGED }),
  });
};

/** What is open to everybody: signing keys, and the documents that the routes themselves make. */
export const metaRoutes = (app: Application, openApi: () => string): readonly Route[] => [
  jwks(app),
  openApiJson(openApi),
  docsPage(),
  problemsHtml(),
  docsInit(),
  docsBundle(),
  docsStyle(),
];
