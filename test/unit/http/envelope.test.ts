import { expect } from 'chai';
import { z } from 'zod';
import { route } from '../../../src/adapters/http/route.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { rawExchange } from './support/raw-exchange.ts';
import { startKernel, stopKernels } from './support/start-kernel.ts';

const Things = z.object({ things: z.array(z.string()) });

const listThings = route({
  method: 'get',
  path: '/things',
  summary: 'List',
  access: 'public',
  limit: 'none',
  input: { query: z.strictObject({ from: z.string().optional() }) },
  responses: { 200: Things },
  handle: () => ({ status: 200, body: { things: ['one'] } }),
});

const addThing = route({
  method: 'post',
  path: '/things',
  summary: 'Add',
  access: 'public',
  limit: 'none',
  responses: { 201: Things },
  handle: () => ({ status: 201, body: { things: ['two'] }, headers: { Location: '/things/two' } }),
});

const readThing = route({
  method: 'get',
  path: '/things/:id',
  summary: 'Read',
  access: 'public',
  limit: 'none',
  input: { params: z.strictObject({ id: z.uuid() }) },
  responses: { 200: z.object({ id: z.string() }) },
  handle: ({ params }) => ({ status: 200, body: { id: params.id } }),
});

const removeThing = route({
  method: 'delete',
  path: '/things/:id',
  summary: 'Remove',
  access: 'public',
  limit: 'none',
  responses: { 204: null },
  handle: () => ({ status: 204 }),
});

const ROUTES = [listThings, addThing, readThing, removeThing];

describe('A request', () => {
  let url: string;
  let port: number;

  beforeEach(async () => {
    ({ url, port } = await startKernel(ROUTES));
  });
  afterEach(stopKernels);

  it('gets an id that the client has no say in', async () => {
    const ids = new Set<string | null>();
    for (const path of ['/things', '/things', '/nowhere']) {
      const response = await fetch(url + path, { headers: { 'x-request-id': 'mine' } });
      ids.add(response.headers.get('x-request-id'));
    }
    expect(ids.size).to.equal(3);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  for (const path of [
    '/nowhere',
    '/Things',
    '/THINGS',
    '/things/',
    '//things',
    '/things//',
    '/',
    '/things/1/2',
  ]) {
    it(`to ${path} is refused with 404`, async () => {
      expect((await problemOfResponse(await fetch(url + path))).code).to.equal('request.not-found');
    });
  }

  it('to a path that is known by another method is refused with 405 and the methods that it has', async () => {
    const response = await fetch(`${url}/things`, { method: 'DELETE' });
    expect((await problemOfResponse(response)).code).to.equal('request.method-not-allowed');
    expect(response.headers.get('allow')).to.equal('GET, HEAD, POST, OPTIONS');
  });

  it('by HEAD is answered like GET, without the body', async () => {
    const got = await fetch(`${url}/things`);
    const asked = await fetch(`${url}/things`, { method: 'HEAD' });
    expect(asked.status).to.equal(200);
    expect(await asked.text()).to.equal('');
    for (const name of ['content-type', 'content-length', 'cache-control']) {
      expect(asked.headers.get(name), name).to.equal(got.headers.get(name));
    }
    expect((await fetch(`${url}/nowhere`, { method: 'HEAD' })).status).to.equal(404);
  });

  it('by OPTIONS is told the methods of a path', async () => {
    const response = await fetch(`${url}/things/1`, { method: 'OPTIONS' });
    expect(response.status).to.equal(204);
    expect(response.headers.get('allow')).to.equal('GET, HEAD, DELETE, OPTIONS');
    expect((await fetch(`${url}/nowhere`, { method: 'OPTIONS' })).status).to.equal(404);
    expect(await rawExchange(port, 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n')).to.match(/^HTTP\/1\.1 204 /);
  });

  for (const [what, head] of [
    ['two Host headers', 'Host: a\r\nHost: b\r\n'],
    ['two Host headers in different case', 'Host: a\r\nhOST: a\r\n'],
    ['no Host header', ''],
    ['an empty Host header', 'Host: \r\n'],
    ['a Host header with two names', 'Host: a, b\r\n'],
    ['a Host header with a path', 'Host: a/../b\r\n'],
  ] as const) {
    it(`with ${what} is refused with 400`, async () => {
      const answer = await rawExchange(port, `GET /things HTTP/1.1\r\n${head}Connection: close\r\n\r\n`);
      expect(answer).to.match(/^HTTP\/1\.1 400 /);
      expect(answer).to.contain('"code":"request.bad-request"');
    });
  }

  it('with more than 100 header fields is refused with 431', async () => {
    const fields = Array.from({ length: 100 }, (_, index) => `X-Field-${index}: 1\r\n`).join('');
    expect(await rawExchange(port, `GET /things HTTP/1.1\r\nHost: x\r\n${fields}\r\n`)).to.match(
      /^HTTP\/1\.1 431 /,
    );
  });

  it('with an address that is not well-formed is refused with 400', async () => {
    const answer = await rawExchange(
      port,
      'GET /things/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer).to.match(/^HTTP\/1\.1 400 /);
    expect(answer).to.not.contain('%E0');
  });

  it('that names a thing by what cannot be its id is refused with 404', async () => {
    for (const id of [
      '1',
      'x'.repeat(2000),
      '01900000-0000-7000-8000-00000000000g',
      "'%20OR%201=1",
      '%2e%2e',
    ]) {
      expect((await fetch(`${url}/things/${id}`)).status, id).to.equal(404);
    }
  });

  it('with NUL in its path is refused with 422', async () => {
    const { code, errors } = await problemOfResponse(await fetch(`${url}/things/a%00b`));
    expect(code).to.equal('request.invalid');
    expect(errors?.map(({ pointer }) => pointer)).to.deep.equal(['/id']);
  });

  it('with a query that its route does not know is refused with 422', async () => {
    const { errors } = await problemOfResponse(await fetch(`${url}/things?form=1`));
    expect(errors).to.deep.equal([{ pointer: '/form', detail: 'Is not a field that is known here.' }]);
    expect((await fetch(`${url}/things?from=1&from=2`)).status).to.equal(422);
  });
});

describe('An answer', () => {
  afterEach(stopKernels);

  for (const path of ['/things', '/nowhere']) {
    it(`to ${path} carries the security headers, and is kept by nobody`, async () => {
      const { url } = await startKernel(ROUTES);
      const { headers } = await fetch(url + path);
      expect(headers.get('content-security-policy')).to.equal("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('x-frame-options')).to.equal('DENY');
      expect(headers.get('strict-transport-security')).to.match(/^max-age=\d{8}/);
      expect(headers.get('referrer-policy')).to.equal('no-referrer');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('x-powered-by')).to.equal(null);
      expect(headers.get('etag')).to.equal(null);
      expect(headers.get('access-control-allow-origin')).to.equal(null);
    });
  }
});

describe('Pages of other origins', () => {
  const corsOrigins = ['https://app.example.org', 'https://desk.example.org'];
  afterEach(stopKernels);

  it('may call the API where they are listed, and read the headers that matter', async () => {
    const { url } = await startKernel(ROUTES, { corsOrigins });
    const { headers } = await fetch(`${url}/things`, { headers: { origin: 'https://desk.example.org' } });
    expect(headers.get('access-control-allow-origin')).to.equal('https://desk.example.org');
    expect(headers.get('access-control-expose-headers')).to.contain('X-Request-Id');
    expect(headers.get('vary')).to.equal('Origin');
  });

  it('may call it by every method and header that it knows', async () => {
    const { url } = await startKernel(ROUTES, { corsOrigins });
    const response = await fetch(`${url}/things`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.org', 'access-control-request-method': 'POST' },
    });
    expect(response.status).to.equal(204);
    expect(response.headers.get('access-control-allow-methods')).to.contain('PATCH');
    expect(response.headers.get('access-control-allow-headers')).to.contain('Authorization');
  });

  for (const origin of [
    'https://evil.example.org',
    'https://app.example.org.evil.example',
    'http://app.example.org',
    'https://app.example.org:8443',
    'null',
  ]) {
    it(`may not where they are of ${origin}`, async () => {
      const { url } = await startKernel(ROUTES, { corsOrigins });
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await fetch(`${url}/things`, { method, headers: { origin } });
        const allowing = [...headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect(allowing, method).to.deep.equal([]);
        expect(headers.get('vary')).to.equal('Origin');
      }
    });
  }
});
