import { expect } from 'chai';
import { routesMarkdown } from '../../../src/adapters/http/docs/routes-markdown.ts';
import type { OpenApiDocument } from '../../../src/adapters/http/openapi.ts';
import { apiRoutes } from '../../../src/adapters/http/api-routes.ts';
import { Cursors } from '../../../src/adapters/http/cursors.ts';
import { PROBLEMS } from '../../../src/adapters/http/problems/problem-catalogue.ts';
import { SessionMode } from '../../../src/adapters/http/session-mode.ts';
import { POLICY } from '../../../src/domain/access/policy.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { world } from '../../support/world.ts';
import { startApi, stopApis } from './support/start-api.ts';

const routes = apiRoutes({
  app: world().app,
  cursors: new Cursors(new Uint8Array(32)),
  sessionMode: new SessionMode([]),
  readiness: () => Promise.resolve({}),
  isDraining: () => false,
  version: '1.2.3',
});

const description = async (): Promise<OpenApiDocument> => {
  const { send } = await startApi();
  const response = await send('GET', '/openapi.json');
  expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
  return (await response.json()) as OpenApiDocument;
};

/** Every `$ref` of a document. */
const refsOf = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : refsOf(inner),
  );
};

describe('The description of the API', () => {
  afterEach(stopApis);

  it('is OpenAPI 3.1 of exactly what is served', async () => {
    const { openapi, info, paths = {} } = await description();
    expect(openapi).to.match(/^3\.1\./);
    expect(info.version).to.equal('1.2.3');
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    const served = routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(described).to.have.members(served);
  });

  it('names each operation once', async () => {
    const { paths = {} } = await description();
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids).to.include.members(['postAuthLogin', 'getUsersId', 'getWellKnownJwksJson']);
  });

  it('names the field of every value that a use case can reject', () => {
    for (const { method, path, pointers, problems } of routes) {
      const rejections = problems.filter((code) => PROBLEMS[code].status === 422);
      expect(Object.keys(pointers), `${method} ${path}`).to.include.members(rejections);
    }
  });

  it('refers only to what it has', async () => {
    const document = await description();
    const known = Object.keys(document.components?.schemas ?? {}).map(
      (name) => `#/components/schemas/${name}`,
    );
    expect(known).to.include.members(
      ['User', 'Tokens', 'Case', 'Tenant', 'Session', 'Physician', 'Problem'].map(
        (name) => `#/components/schemas/${name}`,
      ),
    );
    expect(known).to.include.members([...new Set(refsOf(document))]);
  });

  it('tells how an e-mail address is written', async () => {
    const { paths = {} } = await description();
    expect(JSON.stringify(paths['/auth/login']?.post?.requestBody)).to.contain(
      '"format":"email","maxLength":254',
    );
  });

  it('tells where a recent proof is asked for, and where the token of an enrolment will do', async () => {
    const { paths = {} } = await description();
    const change = JSON.stringify(paths['/auth/email/change']?.post);
    expect(change).to.contain('`access.step-up-required`').and.contain('`POST /auth/step-up`');
    expect(paths['/auth/mfa/totp/confirm']?.post?.description).to.contain('enrolment token');
    expect(paths['/auth/me']?.get).to.not.have.property('description');
  });

  it('tells the refusals of each operation, and which of them need a credential', async () => {
    const { paths = {} } = await description();
    const login = paths['/auth/login']?.post;
    expect(login?.security).to.deep.equal([]);
    expect(login?.responses).to.include.keys('200', '400', '401', '413', '415', '422', '429', '500', '503');
    const read = paths['/users/{id}']?.get;
    expect(read?.security).to.deep.equal([{ bearer: [] }]);
    expect(read?.responses).to.include.keys('200', '401', '403', '404', '429', '500');
    expect(paths['/cases']?.post?.security).to.deep.equal([{}, { bearer: [] }]);
    expect(paths['/.well-known/jwks.json']?.get?.responses).to.include.keys('200', '503');
    expect(paths['/health/live']?.get?.responses).to.not.have.any.keys('401', '403', '429');
  });
});

describe('The table of routes', () => {
  it('has every route with its access and limit', () => {
    const table = routesMarkdown(routes);
    for (const { method, path, limit, access } of routes) {
      const row = table
        .split('\n')
        .find((line) => line.startsWith(`| \`${method.toUpperCase()}\` | \`${path}\` |`));
      expect(row, `${method} ${path}`).to.contain(` ${limit} `);
      expect(row, `${method} ${path}`).to.contain(access === 'public' ? 'anybody' : access);
    }
  });

  it('says which routes need a recent proof, and which take the token of an enrolment', () => {
    const table = routesMarkdown(routes).split('\n');
    for (const { access, method, path } of routes) {
      if (access === 'public') continue;
      const row = table.find((line) => line.startsWith(`| \`${method.toUpperCase()}\` | \`${path}\` |`));
      expect(row?.includes('step-up'), path).to.equal('stepUp' in POLICY[access] || path === '/auth/step-up');
      expect(row?.includes('with an enrolment token'), path).to.equal('enrolling' in POLICY[access]);
    }
  });

  it('leaves no act of the policy without a route that any role may do', () => {
    const acts = Object.entries(POLICY).filter(([, { roles }]) => roles.length > 0);
    // The queue is a view of the list of cases, which more people may read.
    const done = [...routes.map(({ access }) => access), 'cases.queue'];
    expect(done).to.include.members(acts.map(([act]) => act));
  });
});

describe('The page of the API', () => {
  afterEach(stopApis);

  it('is made of files of this host, and runs no script but those', async () => {
    const { send } = await startApi();
    const page = await send('GET', '/docs');
    expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).to.contain("script-src 'self';");
    const html = await page.text();
    expect(html).to.not.match(/https?:\/\//);
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    const files = links.filter((link) => !link.startsWith('data:'));
    expect(files).to.have.length(4);
    for (const file of files) {
      const response = await send('GET', `/${file}`);
      expect(response.status, file).to.equal(200);
      expect((await response.text()).length, file).to.be.above(100);
    }
  });

  it('is read from the disk once', async () => {
    const actor = { kind: 'anonymous', tenantId: DEFAULT_TENANT_ID } as const;
    const client = { address: null, userAgent: null };
    const call = {
      actor,
      client,
      params: {},
      query: {},
      headers: {},
      body: undefined,
      idempotency: undefined,
    };
    for (const file of ['/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css']) {
      const served = routes.find(({ path }) => path === file);
      const first = await served?.handle(call);
      expect(first?.body, file).to.be.instanceOf(Uint8Array);
      expect((await served?.handle(call))?.body, file).to.equal(first?.body);
    }
  });

  it('is kept by browsers for a while, like the list of problems', async () => {
    const { send } = await startApi();
    for (const path of ['/docs', '/docs/problems', '/openapi.json', '/.well-known/jwks.json']) {
      const { headers } = await send('GET', path);
      expect(headers.get('cache-control'), path).to.match(/^public, max-age=\d+$/);
      expect(headers.get('x-request-id'), path).to.be.a('string');
    }
  });
});
