import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

const APP = 'https://app.example.org';

describe('The header fields', () => {
  let api: Api;
  let patient: Person;
  before(async () => {
    api = await startApi({ CORS_ORIGINS: `${APP},https://admin.example.org` });
    patient = await api.patient();
  });
  after(() => api.stop());

  it('of every answer forbid browsers everything that an API does not need', async () => {
    for (const request of [
      'GET /health/live',
      'GET /auth/me',
      'GET /nothing',
      'POST /auth/login',
      'OPTIONS /users',
    ]) {
      const { headers } = await api.send('nothing', request);
      expect(Object.fromEntries(headers), request).to.include({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers.get('strict-transport-security')).to.match(/^max-age=\d{8}; includeSubDomains$/);
      for (const name of ['x-powered-by', 'server', 'etag']) expect(headers.has(name), name).to.be.false;
    }
  });

  it('name the request anew each time, whatever the client calls it', async () => {
    const headers = { 'X-Request-Id': '00000000-0000-4000-8000-000000000000' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.send('nothing', 'GET /health/live', { headers })),
    );
    const ids = answers.map((answer) => answer.headers.get('x-request-id'));
    expect(new Set([...ids, headers['X-Request-Id']]).size).to.equal(6);
  });

  it('say no-store on whatever is personal, and on every error', async () => {
    const requests = [
      'GET /auth/me',
      'GET /auth/sessions',
      'GET /cases',
      'GET /users',
      'GET /nothing',
      'POST /auth/refresh',
    ];
    for (const request of requests) {
      const { headers } = await api.send('nothing', request, { as: patient });
      expect(headers.get('cache-control'), request).to.equal('no-store');
    }
  });

  describe('of CORS', () => {
    const PREFLIGHT = {
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };
    const allowedTo = (headers: Headers): string | null => headers.get('access-control-allow-origin');

    it('let the pages that were listed ask, with credentials', async () => {
      for (const origin of [APP, 'https://admin.example.org']) {
        const answer = await api.send('nothing', 'OPTIONS /auth/login', {
          headers: { Origin: origin, ...PREFLIGHT },
        });
        expect(answer.status).to.equal(204);
        expect(allowedTo(answer.headers)).to.equal(origin);
        expect(answer.headers.get('access-control-allow-credentials')).to.equal('true');
        expect(answer.headers.get('access-control-allow-methods')).to.contain('POST');
        expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).to.contain('authorization');
        expect(answer.headers.get('vary')).to.contain('Origin');
      }
    });

    it('let them read answers, problems too, and the fields that they need', async () => {
      for (const request of ['GET /health/live', 'GET /auth/me', 'GET /nothing']) {
        const { headers } = await api.send('nothing', request, { headers: { Origin: APP } });
        expect(allowedTo(headers), request).to.equal(APP);
        expect(headers.get('access-control-expose-headers'))
          .to.contain('X-Request-Id')
          .and.contain('Retry-After');
      }
    });

    it('let no other page, nor any that looks alike', async () => {
      const others = [
        'https://evil.example.com',
        'http://app.example.org',
        `${APP}.evil.example`,
        'https://APP.example.org',
        `${APP}:444`,
        'null',
        '*',
      ];
      for (const origin of others) {
        const preflight = await api.send('nothing', 'OPTIONS /auth/login', {
          headers: { Origin: origin, ...PREFLIGHT },
        });
        const { headers } = await api.send('nothing', 'GET /health/live', { headers: { Origin: origin } });
        for (const name of ['access-control-allow-origin', 'access-control-allow-credentials']) {
          expect(preflight.headers.has(name), origin).to.be.false;
          expect(headers.has(name), origin).to.be.false;
        }
        expect(headers.get('vary')).to.equal('Origin');
      }
    });
  });

  describe('of a request', () => {
    it('400 where Host comes twice, were it the same, and no matter what', async () => {
      const host = new URL(api.url).host;
      for (const hosts of [
        [host, host],
        [host, 'evil.example.com'],
        ['evil.example.com', host],
      ]) {
        for (const request of ['GET /health/live', 'GET /auth/me', 'POST /auth/login']) {
          const headers = hosts.map((value, n) => [n ? 'host' : 'Host', value] as const);
          problemOf(await api.send('problem', request, { headers }), 400, 'request.bad-request');
        }
      }
    });

    it('431 where there are too many, or one is too large', async () => {
      const many = Array.from({ length: 101 }, (_, n) => [`X-${String(n)}`, 'x'] as const);
      const headers = { 'X-Large': 'x'.repeat(17_000) };
      problemOf(
        await api.send('problem', 'GET /health/live', { headers: many }),
        431,
        'request.headers-too-large',
      );
      problemOf(await api.send('problem', 'GET /health/live', { headers }), 431, 'request.headers-too-large');
    });

    it('decide nothing about where problems link to, or who the issuer is', async () => {
      const headers = [
        ['Host', 'evil.example.com'],
        ['X-Forwarded-Host', 'evil.example.com'],
        ['X-Forwarded-Proto', 'ftp'],
      ] as const;
      const answer = await api.send('problem', 'GET /nothing', { headers });
      expect(answer.text).to.not.contain('evil');
    });
  });

  describe('of what is no HTTP', () => {
    /** What comes back for these octets, until the service closes the connection. */
    async function raw(octets: string): Promise<string> {
      const { port, hostname } = new URL(api.url);
      const socket = connect(Number(port), hostname);
      socket.write(octets);
      return text(socket);
    }

    it('400 as a problem with a request id, and the connection ends', async () => {
      const requests = [
        'nonsense\r\n\r\n',
        'GET /health/live HTTP/1.1\r\nHost: x\r\nHost : y\r\n\r\n',
        'GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
        'GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
        'GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
        'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n',
      ];
      for (const request of requests) {
        const answer = await raw(request);
        expect(answer, request).to.match(/^HTTP\/1\.1 400 Bad Request\r\n/);
        expect(answer.toLowerCase())
          .to.contain('content-type: application/problem+json')
          .and.contain('x-request-id: ');
        expect(answer).to.contain('"code":"request.bad-request"');
      }
    });
  });
});
