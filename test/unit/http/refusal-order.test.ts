import { expect } from 'chai';
import { z } from 'zod';
import { EmailTaken } from '../../../src/domain/identity/errors.ts';
import { found } from '../../../src/adapters/http/found.ts';
import { route } from '../../../src/adapters/http/route.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { rawExchange } from './support/raw-exchange.ts';
import { ENROLMENT_TOKEN, startKernel, stopKernels } from './support/start-kernel.ts';

const change = route({
  method: 'post',
  path: '/things/:id',
  summary: 'Change a thing',
  access: 'users.write',
  limit: 'authenticated',
  input: {
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({ name: z.string() }),
  },
  responses: { 204: null },
  handle: ({ body }) => {
    if (body.name === 'unknown') found(null);
    if (body.name === 'taken') throw new EmailTaken();
    return { status: 204 };
  },
});

const submit = route({
  method: 'post',
  path: '/submissions',
  summary: 'Submit, signed in or not',
  access: 'cases.submit',
  limit: 'anonymous',
  input: { body: z.strictObject({ text: z.string() }) },
  responses: { 200: z.object({ by: z.string() }) },
  handle: ({ actor }) => ({ status: 200, body: { by: actor.kind } }),
});

const ask = route({
  method: 'get',
  path: '/answers',
  summary: 'Ask, signed in or not',
  access: 'cases.submit',
  limit: 'anonymous',
  responses: { 200: z.object({ by: z.string() }) },
  handle: ({ actor }) => ({ status: 200, body: { by: actor.kind } }),
});

const look = route({
  method: 'get',
  path: '/windows',
  summary: 'Look',
  access: 'public',
  limit: 'anonymous',
  responses: { 200: z.object({ by: z.string() }) },
  handle: ({ actor }) => ({ status: 200, body: { by: actor.kind } }),
});

const enrol = route({
  method: 'post',
  path: '/factors',
  summary: 'Enrol a factor, signed in or not yet',
  access: 'factors.enrol',
  limit: 'authenticated',
  responses: { 200: z.object({ by: z.string() }) },
  handle: ({ actor }) => ({ status: 200, body: { by: actor.kind } }),
});

const THING = '/things/01900000-0000-7000-8000-000000000001';

interface Sent {
  readonly as?: string;
  readonly body?: string;
  readonly type?: string;
}

const send = (url: string, { as, body, type = 'application/json' }: Sent): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { ...(as !== undefined && { authorization: `Bearer ${as}` }), 'content-type': type },
    ...(body !== undefined && { body }),
  });

describe('The order of refusals', () => {
  afterEach(stopKernels);

  it('asks for the credential before anything else', async () => {
    const { url } = await startKernel([change]);
    const response = await send(`${url}/things/no-uuid`, { body: 'no json', type: 'text/plain' });
    expect((await problemOfResponse(response)).code).to.equal('access.unauthenticated');
    expect(response.headers.get('www-authenticate')).to.equal('Bearer');
  });

  it('tells a refused credential from a missing one (RFC 6750)', async () => {
    const { url } = await startKernel([change]);
    const response = await send(url + THING, { as: 'stranger', body: '{}' });
    expect(response.status).to.equal(401);
    expect(response.headers.get('www-authenticate')).to.equal('Bearer error="invalid_token"');
  });

  it('asks for the role before the limit, so that a refused role uses nothing up', async () => {
    const { url } = await startKernel([change], {
      limits: { authenticated: { limit: 1, windowSeconds: 60 } },
    });
    for (let times = 0; times < 3; times += 1) {
      const response = await send(url + THING, { as: 'patient', body: 'no json' });
      expect((await problemOfResponse(response)).code).to.equal('access.forbidden');
      expect(response.headers.get('ratelimit')).to.equal(null);
    }
  });

  it('asks the limit before it reads the body', async () => {
    const { url } = await startKernel([change], {
      limits: { authenticated: { limit: 1, windowSeconds: 60 } },
    });
    expect((await send(url + THING, { as: 'admin', body: '{"name":"x"}' })).status).to.equal(204);
    const response = await send(url + THING, { as: 'admin', body: 'x'.repeat(100_000), type: 'text/plain' });
    expect((await problemOfResponse(response)).code).to.equal('request.rate-limited');
  });

  it('reads the body before it asks the use case', async () => {
    const { url } = await startKernel([change]);
    const malformed = await send(url + THING, { as: 'admin', body: '{"name":"unknown"' });
    expect((await problemOfResponse(malformed)).code).to.equal('request.malformed-json');
    const unknown = await send(url + THING, { as: 'admin', body: '{"name":"unknown"}' });
    expect((await problemOfResponse(unknown)).code).to.equal('request.not-found');
    const taken = await send(url + THING, { as: 'admin', body: '{"name":"taken"}' });
    expect((await problemOfResponse(taken)).code).to.equal('identity.email-taken');
  });

  it('takes a path that names nothing for an unknown one', async () => {
    const { url } = await startKernel([change]);
    const response = await send(`${url}/things/no-uuid`, { as: 'admin', body: '{"name":"x"}' });
    expect((await problemOfResponse(response)).code).to.equal('request.not-found');
  });
});

describe('Access to a route', () => {
  afterEach(stopKernels);

  it('lets people without a credential do what the policy opens to them', async () => {
    const { url } = await startKernel([submit]);
    const response = await send(`${url}/submissions`, { body: '{"text":"x"}' });
    expect(await response.json()).to.deep.equal({ by: 'anonymous' });
  });

  it('closes it to them where the installation says so, before it reads anything', async () => {
    const { url } = await startKernel([submit], { anonymousAllowed: false });
    const response = await send(`${url}/submissions`, { body: 'no json' });
    expect((await problemOfResponse(response)).code).to.equal('access.unauthenticated');
    expect((await send(`${url}/submissions`, { as: 'patient', body: '{"text":"x"}' })).status).to.equal(200);
  });

  it('holds a role that signed in against the policy even where others need no credential', async () => {
    const { url } = await startKernel([submit]);
    const response = await send(`${url}/submissions`, { as: 'physician', body: '{"text":"x"}' });
    expect(response.status).to.equal(403);
  });

  it('refuses a bad credential where none is needed', async () => {
    const { url } = await startKernel([ask]);
    expect(
      (await fetch(`${url}/answers`, { headers: { authorization: 'Bearer stranger' } })).status,
    ).to.equal(401);
    expect(await (await fetch(`${url}/answers`)).json()).to.deep.equal({ by: 'anonymous' });
  });

  it('does not look at credentials where everybody is let in', async () => {
    const { url } = await startKernel([look]);
    const response = await fetch(`${url}/windows`, { headers: { authorization: 'Bearer stranger' } });
    expect(await response.json()).to.deep.equal({ by: 'anonymous' });
  });

  for (const [what, authorization] of [
    ['another scheme', 'Basic cGF0aWVudA=='],
    ['a scheme without a token', 'Bearer'],
    ['an empty header', ''],
    ['two tokens', 'Bearer patient patient'],
    ['a token with a comma', 'Bearer patient,Bearer patient'],
    ['a token in quotes', 'Bearer "patient"'],
  ] as const) {
    it(`refuses ${what} as a credential`, async () => {
      const { url } = await startKernel([ask]);
      expect((await fetch(`${url}/answers`, { headers: { authorization } })).status).to.equal(401);
    });
  }

  it('refuses two credentials, even where the first one is good', async () => {
    const { port } = await startKernel([ask]);
    const twice = 'Authorization: Bearer patient\r\nauthorization: Bearer patient\r\n';
    const answer = await rawExchange(
      port,
      `GET /answers HTTP/1.1\r\nHost: x\r\n${twice}Connection: close\r\n\r\n`,
    );
    expect(answer).to.match(/^HTTP\/1\.1 401 /);
  });

  it('takes the scheme in any case', async () => {
    const { url } = await startKernel([ask]);
    const response = await fetch(`${url}/answers`, { headers: { authorization: 'bEARER patient' } });
    expect(await response.json()).to.deep.equal({ by: 'user' });
  });
});

describe('The token of an enrolment', () => {
  afterEach(stopKernels);

  it('counts where the policy opens the act to it, beside the access tokens of whoever may do it', async () => {
    const { url } = await startKernel([enrol]);
    const enrolling = await send(`${url}/factors`, { as: ENROLMENT_TOKEN });
    expect(await enrolling.json()).to.deep.equal({ by: 'enrolling' });
    const signedIn = await send(`${url}/factors`, { as: 'physician' });
    expect(await signedIn.json()).to.deep.equal({ by: 'user' });
  });

  it('is a bad credential everywhere else, were no credential needed', async () => {
    const { url } = await startKernel([change, submit]);
    for (const path of [THING, '/submissions']) {
      const response = await send(url + path, { as: ENROLMENT_TOKEN, body: '{"text":"x"}' });
      expect((await problemOfResponse(response)).code, path).to.equal('access.unauthenticated');
      expect(response.headers.get('www-authenticate'), path).to.equal('Bearer error="invalid_token"');
    }
  });

  it('is refused where nobody knows it', async () => {
    const { url } = await startKernel([enrol]);
    for (const as of ['x'.repeat(43), ENROLMENT_TOKEN.slice(1), `${ENROLMENT_TOKEN}-`]) {
      expect((await send(`${url}/factors`, { as })).status, as).to.equal(401);
    }
    expect((await send(`${url}/factors`, {})).status).to.equal(401);
  });

  it('counts against the limit of its account, which is the same once it is signed in', async () => {
    const limits = { authenticated: { limit: 2, windowSeconds: 60 } };
    const { url } = await startKernel([enrol], { limits });
    const tokens = [ENROLMENT_TOKEN, 'physician', ENROLMENT_TOKEN, 'patient'];
    const statuses = [];
    for (const as of tokens) statuses.push((await send(`${url}/factors`, { as })).status);
    expect(statuses).to.deep.equal([200, 200, 429, 200]);
  });
});
