import { expect } from 'chai';
import { z } from 'zod';
import { apiRoutes } from '../../../src/adapters/http/api-routes.ts';
import { Cursors } from '../../../src/adapters/http/cursors.ts';
import { route } from '../../../src/adapters/http/route.ts';
import { SessionMode } from '../../../src/adapters/http/session-mode.ts';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from '../../../src/domain/shared/errors.ts';
import type { IdempotentRequest } from '../../../src/domain/shared/idempotent-request.ts';
import { world } from '../../support/world.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { rawExchange } from './support/raw-exchange.ts';
import { startKernel, stopKernels } from './support/start-kernel.ts';

let seen: (IdempotentRequest | undefined)[] = [];

const add = route({
  method: 'post',
  path: '/shelves/:shelf/things',
  summary: 'Add a thing, signed in or not',
  access: 'cases.submit',
  limit: 'anonymous',
  idempotent: true,
  input: {
    params: z.strictObject({ shelf: z.string() }),
    headers: z.object({ 'x-colour': z.string().optional() }),
    body: z.strictObject({ name: z.string(), size: z.number().optional() }),
  },
  responses: { 201: z.object({ colour: z.string() }) },
  handle: ({ body, headers, idempotency }) => {
    seen.push(idempotency);
    if (body.name === 'reused') throw new IdempotencyKeyReused();
    if (body.name === 'in use') throw new IdempotencyKeyInUse();
    return { status: 201, body: { colour: headers['x-colour'] ?? 'none' } };
  },
});

const change = route({
  method: 'post',
  path: '/changes',
  summary: 'Change something',
  access: 'public',
  limit: 'none',
  responses: { 204: null },
  handle: ({ idempotency }) => {
    seen.push(idempotency);
    return { status: 204 };
  },
});

interface Sent {
  readonly path?: string;
  readonly as?: string;
  readonly key?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const send = (url: string, { path = '/shelves/1/things', as, key, body = '{"name":"x"}', headers }: Sent) =>
  fetch(url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...headers,
    },
    body,
  });

describe('A route that takes an Idempotency-Key', () => {
  beforeEach(() => {
    seen = [];
  });
  afterEach(stopKernels);

  it('gets the key as it was written, and without one nothing', async () => {
    const { url } = await startKernel([add]);
    for (const key of ['a', '"8e03978e-40d5"', '!~', 'x'.repeat(255)]) {
      expect((await send(url, { as: 'patient', key })).status).to.equal(201);
      expect(seen.at(-1)).to.include({ key }).and.not.have.property('sender');
    }
    await send(url, { as: 'patient' });
    expect(seen.at(-1)).to.equal(undefined);
  });

  it('refuses a key of another form, before it reads the body, and names the header', async () => {
    const { port, url } = await startKernel([add]);
    for (const key of ['', 'two words', 'café', 'x'.repeat(256), 'tab\tbed']) {
      const response = await send(url, { key, body: 'no json' });
      const { code, errors } = await problemOfResponse(response);
      expect(code, key).to.equal('request.invalid');
      expect(
        errors?.map(({ pointer }) => pointer),
        key,
      ).to.deep.equal(['/idempotency-key']);
    }
    const twice = await rawExchange(
      port,
      'POST /shelves/1/things HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Length: 0\r\n\r\n',
    );
    expect(twice).to.contain(' 422 ').and.to.contain('/idempotency-key');
    expect(seen).to.deep.equal([]);
  });

  it('takes requests for the same whose parts are, however they were written', async () => {
    const { url } = await startKernel([add]);
    const fingerprintOf = async (sent: Sent): Promise<string | undefined> => {
      expect((await send(url, { key: 'k', ...sent })).status).to.equal(201);
      return seen.at(-1)?.fingerprint;
    };
    const first = await fingerprintOf({ body: '{"name":"x","size":1}' });
    expect(await fingerprintOf({ body: ' {"size": 1.0, "name": "\\u0078"}' })).to.equal(first);
    expect(await fingerprintOf({ body: '{"name":"x","size":2}' })).not.to.equal(first);
    expect(await fingerprintOf({ body: '{"name":"x"}' })).not.to.equal(first);
    expect(await fingerprintOf({ body: '{"name":"x","size":1}', path: '/shelves/2/things' })).not.to.equal(
      first,
    );
  });

  it('tells senders without a credential apart by their address, of IPv6 by its network', async () => {
    const { url } = await startKernel([add], { trustProxy: 'loopback' });
    const senderOf = async (address: string): Promise<string | undefined> => {
      await send(url, { key: 'k', headers: { 'x-forwarded-for': address } });
      return seen.at(-1)?.sender;
    };
    const first = await senderOf('2001:db8:1:2::1');
    expect(first).to.be.a('string');
    expect(await senderOf('2001:db8:1:2:ffff::7')).to.equal(first);
    expect(await senderOf('2001:db8:1:3::1')).not.to.equal(first);
    expect(await senderOf('192.0.2.1')).not.to.equal(await senderOf('192.0.2.2'));
  });

  it('goes on reading its own headers', async () => {
    const { url } = await startKernel([add]);
    const response = await send(url, { key: 'k', headers: { 'x-colour': 'red' } });
    expect(await response.json()).to.deep.equal({ colour: 'red' });
  });

  it('answers 422 where the key is of another request, and 409 with Retry-After while that is under way', async () => {
    const { url } = await startKernel([add]);
    const reused = await send(url, { key: 'k', body: '{"name":"reused"}' });
    expect(reused.status).to.equal(422);
    expect((await problemOfResponse(reused)).code).to.equal('request.idempotency-key-reused');
    const inUse = await send(url, { key: 'k', body: '{"name":"in use"}' });
    expect(inUse.status).to.equal(409);
    expect(inUse.headers.get('retry-after')).to.equal('1');
    expect((await problemOfResponse(inUse)).code).to.equal('request.idempotency-key-in-use');
  });

  it('cannot have headers of a form that nothing can be added to', () => {
    const declare = () =>
      route({
        method: 'post',
        path: '/things',
        summary: 'Add a thing',
        access: 'public',
        limit: 'none',
        idempotent: true,
        input: { headers: z.record(z.string(), z.unknown()) },
        responses: { 204: null },
        handle: () => ({ status: 204 }),
      });
    expect(declare).to.throw(TypeError);
  });
});

describe('A route that takes none', () => {
  afterEach(stopKernels);

  it('does not look at the header', async () => {
    seen = [];
    const { url } = await startKernel([change]);
    expect((await send(url, { path: '/changes', key: 'two words' })).status).to.equal(204);
    expect(seen).to.deep.equal([undefined]);
  });
});

describe('Every POST that makes something', () => {
  /** Their answers hold secrets that are kept nowhere, so that nothing can tell them again. */
  const MADE_ANEW = ['/auth/register', '/auth/mfa/totp', '/auth/passkeys/registration/verify'];

  it('takes an Idempotency-Key, and nothing else does', () => {
    const routes = apiRoutes({
      app: world().app,
      cursors: new Cursors(new Uint8Array(32)),
      sessionMode: new SessionMode([]),
      readiness: () => Promise.resolve({}),
      isDraining: () => false,
      version: '1.2.3',
    });
    const making = routes.filter(({ method, responses }) => method === 'post' && 201 in responses);
    expect(making.filter(({ idempotent }) => !idempotent).map(({ path }) => path)).to.have.members(MADE_ANEW);
    expect(routes.filter(({ idempotent }) => idempotent).every((one) => making.includes(one))).to.equal(true);
  });
});
