import { expect } from 'chai';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

const ID = '01900000-0000-7000-8000-000000000000';

/** The methods of each path, as `Allow` lists them. */
const PATHS: Readonly<Record<string, string>> = {
  '/health/live': 'GET, HEAD, OPTIONS',
  '/health/ready': 'GET, HEAD, OPTIONS',
  '/.well-known/jwks.json': 'GET, HEAD, OPTIONS',
  '/openapi.json': 'GET, HEAD, OPTIONS',
  '/docs': 'GET, HEAD, OPTIONS',
  '/docs/problems': 'GET, HEAD, OPTIONS',
  '/auth/register': 'POST, OPTIONS',
  '/auth/login': 'POST, OPTIONS',
  '/auth/refresh': 'POST, OPTIONS',
  '/auth/logout': 'POST, OPTIONS',
  '/auth/me': 'GET, HEAD, PATCH, OPTIONS',
  '/auth/sessions': 'GET, HEAD, DELETE, OPTIONS',
  [`/auth/sessions/${ID}`]: 'DELETE, OPTIONS',
  '/auth/password': 'POST, OPTIONS',
  '/users': 'GET, HEAD, POST, OPTIONS',
  [`/users/${ID}`]: 'GET, HEAD, PATCH, OPTIONS',
  [`/users/${ID}/sessions`]: 'DELETE, OPTIONS',
  '/tenants': 'GET, HEAD, POST, OPTIONS',
  [`/tenants/${ID}`]: 'GET, HEAD, PATCH, OPTIONS',
  '/cases': 'POST, GET, HEAD, OPTIONS',
  [`/cases/${ID}`]: 'GET, HEAD, OPTIONS',
};

describe('A path', () => {
  let api: Api;
  let admin: Person;
  before(async () => {
    api = await startApi();
    admin = await api.member('admin');
  });
  after(() => api.stop());

  it('404 where nothing is, for everybody and every method', async () => {
    const paths = [
      '/',
      '/auth',
      '/nothing',
      '/metrics',
      '/health',
      '/user',
      '/docs/other.js',
      '/docs/..',
      '/.env',
      '/api/users',
      '/auth/me/x',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await api.send('problem', `${method} ${path}`, { as: admin });
        problemOf(answer, 404, 'request.not-found');
      }
      expect((await api.send('problem', `GET ${path}`)).status, path).to.equal(404);
    }
  });

  it('404 in upper case, with a slash at its end, with two slashes, and by another spelling', async () => {
    for (const path of Object.keys(PATHS)) {
      const upper = path
        .split(ID)
        .map((part) => part.toUpperCase())
        .join(ID);
      const around = [upper, `${path}/`, `/${path}`, path.replace('/', '/./'), path.replace('/', '/x/../')];
      // What stands behind an id is a part of it, which is no id then.
      const behind = path.includes(ID) ? [] : [`${path}%2f`, `${path};a=b`, `${path}.json`, `${path}%20`];
      for (const other of [...around, ...behind]) {
        const answer = await api.send('problem', `GET ${other}`, { as: admin });
        problemOf(answer, 404, 'request.not-found');
      }
    }
  });

  it('400 where its percent-encoding is broken', async () => {
    for (const path of ['/users/%', '/users/%ZZ', '/users/%E0%A4%A', '/cases/%ff']) {
      problemOf(await api.send('problem', `GET ${path}`, { as: admin }), 400, 'request.bad-request');
    }
  });

  for (const [path, allow] of Object.entries(PATHS)) {
    it(`405 with what is allowed, for every other method: ${path}`, async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
        if (allow.split(', ').includes(method)) continue;
        const answer = await api.send('problem', `${method} ${path}`);
        expect(answer.status, method).to.equal(405);
        if (method !== 'HEAD') problemOf(answer, 405, 'request.method-not-allowed');
        expect(answer.headers.get('allow')).to.equal(allow);
      }
    });

    it(`204 for OPTIONS, with what is allowed, without a credential: ${path}`, async () => {
      const answer = await api.send('nothing', `OPTIONS ${path}`);
      expect([answer.status, answer.text]).to.deep.equal([204, '']);
      expect(answer.headers.get('allow')).to.equal(allow);
    });
  }

  it('204 for OPTIONS of the service as a whole', async () => {
    expect((await api.send('nothing', 'OPTIONS *')).status).to.equal(204);
  });

  it('gives HEAD what GET has, without the body', async () => {
    const { id } = admin.user;
    const paths = [
      '/health/live',
      '/openapi.json',
      '/docs',
      '/auth/me',
      '/auth/sessions',
      '/users',
      `/users/${id}`,
      '/tenants',
      '/cases',
      `/cases/${ID}`,
    ];
    for (const path of paths) {
      const [get, head] = [
        await api.send('nothing', `GET ${path}`, { as: admin }),
        await api.send('nothing', `HEAD ${path}`, { as: admin }),
      ];
      expect(head.status, path).to.equal(get.status);
      expect(head.text, path).to.equal('');
      for (const name of ['content-type', 'content-length', 'cache-control']) {
        expect(head.headers.get(name), `${path} ${name}`).to.equal(get.headers.get(name));
      }
    }
    expect((await api.send('nothing', 'HEAD /auth/me')).status).to.equal(401);
    expect((await api.send('nothing', 'HEAD /nothing')).status).to.equal(404);
  });

  it('ignores a query where it takes none', async () => {
    expect((await api.send('nothing', 'GET /auth/me?role=admin&x[]=1', { as: admin })).status).to.equal(200);
  });
});
