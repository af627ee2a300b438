import { expect } from 'chai';
import { PROBLEMS } from '../../../src/adapters/http/problems/problem-catalogue.ts';
import { type Api, startApi } from '../../support/api.ts';

describe('GET /docs', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const page = async (path: string) => {
    const answer = await api.send('nothing', `GET ${path}`);
    expect(answer.status, path).to.equal(200);
    return answer;
  };

  it('200 is a page that is made of files of this service only', async () => {
    const { headers, text } = await page('/docs');
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(headers.get('cache-control')).to.equal('public, max-age=300');
    expect(text).to.not.match(/(?:src|href)="(?:https?:)?\/\//);
    expect(text).to.not.match(/<script(?![^>]*src=)/);
    const files = [...text.matchAll(/(?:src|href)="((?!data:)[^"]+)"/g)].map(([, file]) => file!);
    expect(files).to.have.members([
      'docs/swagger-ui.css',
      'docs/swagger-ui-bundle.js',
      'docs/init.js',
      'openapi.json',
    ]);
    const types: Readonly<Record<string, string>> = {
      css: 'text/css',
      js: 'text/javascript',
      json: 'application/json',
    };
    for (const file of files) {
      const { pathname } = new URL(file, `${api.url}/docs`);
      const answer = await page(pathname);
      expect(answer.headers.get('content-type')).to.equal(
        `${types[file.split('.').at(-1)!]!}; charset=utf-8`,
      );
      expect(answer.text.length).to.be.above(100);
    }
  });

  it('lets its page load from this service, and from nowhere else', async () => {
    const policy = (await page('/docs')).headers.get('content-security-policy');
    const sources = policy!.split('; ').flatMap((directive) => directive.split(' ').slice(1));
    expect(new Set(sources)).to.deep.equal(new Set(["'none'", "'self'", "'unsafe-inline'", 'data:']));
    expect(policy).to.contain("script-src 'self';");
  });

  it('asks the description of this service, and no validator elsewhere', async () => {
    const { text } = await page('/docs/init.js');
    expect(text).to.contain("url: 'openapi.json'").and.contain('validatorUrl: null');
    expect(text).to.not.match(/https?:/);
  });

  it('has a heading for each problem, which is where the type of a problem leads', async () => {
    const { text } = await page('/docs/problems');
    for (const code of Object.keys(PROBLEMS)) expect(text).to.contain(`<h2 id="${code}">`);
    const requests = [
      'GET /nothing',
      'GET /auth/me',
      'POST /auth/login',
      'PUT /auth/login',
      'GET /users/%ZZ',
    ];
    for (const request of requests) {
      const { body } = await api.send('problem', request);
      const link = new URL(body.type);
      const target = await page(link.pathname);
      expect(target.headers.get('content-type')).to.contain('text/html');
      expect(target.text).to.contain(`id="${link.hash.slice(1)}"`);
    }
  });
});
