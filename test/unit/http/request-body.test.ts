import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { z } from 'zod';
import { route } from '../../../src/adapters/http/route.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { rawExchange } from './support/raw-exchange.ts';
import { startKernel, stopKernels } from './support/start-kernel.ts';

const echo = route({
  method: 'post',
  path: '/echo',
  summary: 'Say it again',
  access: 'public',
  limit: 'none',
  input: {
    query: z.strictObject({ loud: z.enum(['yes', 'no']).optional() }),
    body: z.strictObject({ name: z.string(), more: z.json().optional() }),
  },
  responses: { 200: z.object({ name: z.string() }) },
  handle: ({ body }) => ({ status: 200, body: { name: body.name } }),
});

const touch = route({
  method: 'post',
  path: '/touch',
  summary: 'Nothing to send',
  access: 'public',
  limit: 'none',
  responses: { 204: null },
  handle: () => ({ status: 204 }),
});

const optional = route({
  method: 'post',
  path: '/optional',
  summary: 'A body, or none',
  access: 'public',
  limit: 'none',
  input: { body: z.strictObject({ name: z.string() }).optional() },
  responses: { 200: z.object({ name: z.string().nullable() }) },
  handle: ({ body }) => ({ status: 200, body: { name: body?.name ?? null } }),
});

const JSON_TYPE = { 'content-type': 'application/json' };

const post = (
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = JSON_TYPE,
) => fetch(url, { method: 'POST', headers, body });

const nested = (depth: number): string =>
  `{"name":"x","more":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe('The body of a request', () => {
  let url: string;
  let port: number;

  beforeEach(async () => {
    ({ url, port } = await startKernel([echo, touch, optional]));
  });
  afterEach(stopKernels);

  const refusal = async (response: Response) => {
    const { code, status, errors, detail } = await problemOfResponse(response);
    return { code, status, errors, detail };
  };

  it('is read as JSON in UTF-8', async () => {
    const response = await post(`${url}/echo`, '{"name":"שלום 👩‍⚕️"}');
    expect(await response.json()).to.deep.equal({ name: 'שלום 👩‍⚕️' });
    expect(response.headers.get('content-type')).to.equal('application/json; charset=utf-8');
  });

  for (const type of [
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'APPLICATION/JSON',
    'application/json ;',
  ]) {
    it(`may be announced as ${type}`, async () => {
      expect((await post(`${url}/echo`, '{"name":"x"}', { 'content-type': type })).status).to.equal(200);
    });
  }

  for (const type of [
    'text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=utf8',
    'application/json; charset=latin1',
    'application/merge-patch+json',
    'application/x-www-form-urlencoded',
    'json',
    '',
  ]) {
    it(`is refused with 415 when announced as ${JSON.stringify(type)}`, async () => {
      const response = await post(`${url}/echo`, '{"name":"x"}', { 'content-type': type });
      expect((await refusal(response)).code).to.equal('request.unsupported-media-type');
    });
  }

  it('is refused with 415 without a type', async () => {
    const answer = await rawExchange(
      port,
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"name":"x"}',
    );
    expect(answer).to.match(/^HTTP\/1\.1 415 /);
  });

  it('is refused with 415 when it is encoded, even well', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    const response = await post(`${url}/echo`, new Uint8Array(gzipSync('{"name":"x"}')), headers);
    expect((await refusal(response)).code).to.equal('request.unsupported-media-type');
  });

  it('is taken at 64 KiB, and refused with 413 above', async () => {
    const fitting = `{"name":"${'x'.repeat(64 * 1024 - 11)}"}`;
    expect(Buffer.byteLength(fitting)).to.equal(64 * 1024);
    expect((await post(`${url}/echo`, fitting)).status).to.equal(200);
    expect((await refusal(await post(`${url}/echo`, `${fitting} `))).code).to.equal(
      'request.payload-too-large',
    );
    expect((await post(`${url}/echo`, 'x'.repeat(5_000_000))).status).to.equal(413);
  });

  it('is refused with 413 as soon as it grows over the limit, though its length is not told and its end never comes', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const head =
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await rawExchange(port, head + chunk + chunk)).to.match(/^HTTP\/1\.1 413 /);
  });

  it('leaves the connection usable when it is refused unread', async () => {
    const next = 'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const body = 'x'.repeat(100_000);
    const refused = `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answers = await rawExchange(port, refused + body + next);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 413', 'HTTP/1.1 404']);
  });

  for (const text of ['{"name":', 'null', '"text"', '1', '{"name":"x"}}', "{'name':'x'}", '\u0000']) {
    it(`is refused with 400 when it is ${JSON.stringify(text)}`, async () => {
      const { code, detail } = await refusal(await post(`${url}/echo`, text));
      expect(code).to.equal('request.malformed-json');
      expect(detail).to.not.contain('name');
    });
  }

  it('is refused with 400 when it is not UTF-8', async () => {
    const octets = new Uint8Array([...Buffer.from('{"name":"'), 0xc3, 0x28, ...Buffer.from('"}')]);
    const { code, detail } = await refusal(await post(`${url}/echo`, octets));
    expect([code, detail]).to.deep.equal(['request.malformed-json', 'The body is not well-formed UTF-8.']);
  });

  it('may be 32 levels deep, and is refused with 400 below that, without being parsed', async () => {
    expect((await post(`${url}/echo`, nested(32))).status).to.equal(200);
    expect((await refusal(await post(`${url}/echo`, nested(33)))).code).to.equal('request.malformed-json');
    expect((await post(`${url}/echo`, nested(20_000))).status).to.equal(400);
  });

  it('may hold brackets within texts, as many as it likes', async () => {
    const name = `\\"${'['.repeat(100)}\\\\`;
    expect((await post(`${url}/echo`, `{"name":"${name}"}`)).status).to.equal(200);
  });

  it('is refused with 422 where it is missing', async () => {
    const { code, errors } = await refusal(await fetch(`${url}/echo`, { method: 'POST' }));
    expect(code).to.equal('request.invalid');
    expect(errors).to.deep.equal([{ pointer: '', detail: 'Is required.' }]);
  });

  it('needs no type where there is none', async () => {
    expect((await fetch(`${url}/touch`, { method: 'POST' })).status).to.equal(204);
    expect(await (await fetch(`${url}/optional`, { method: 'POST' })).json()).to.deep.equal({ name: null });
    const typed = await fetch(`${url}/optional`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
    });
    expect(typed.status).to.equal(200);
  });

  it('is not read where a route takes none', async () => {
    expect((await post(`${url}/touch`, 'not json', { 'content-type': 'text/plain' })).status).to.equal(204);
  });

  it('is refused with 422 field by field, by JSON pointer', async () => {
    const { errors } = await refusal(await post(`${url}/echo`, '{"name":1,"a/b~c":2,"role":"admin"}'));
    expect(errors).to.deep.equal([
      { pointer: '/name', detail: 'Must be a text.' },
      { pointer: '', detail: 'Has a field that is not known here.' },
      { pointer: '/role', detail: 'Is not a field that is known here.' },
    ]);
  });

  it('cannot reach a prototype', async () => {
    const response = await post(`${url}/echo`, '{"name":"x","__proto__":{"admin":true},"constructor":1}');
    expect(response.status).to.equal(422);
  });

  for (const [what, escaped] of [
    ['NUL', '\\u0000'],
    ['half of a surrogate pair', '\\ud800'],
  ] as const) {
    it(`is refused with 422 where a text has ${what}, wherever it stands`, async () => {
      const inName = await refusal(await post(`${url}/echo`, `{"name":"a${escaped}b"}`));
      expect(inName.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/name']);
      const deep = await refusal(await post(`${url}/echo`, `{"name":"x","more":[{"k":["${escaped}"]}]}`));
      expect(deep.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/more/0/k/0']);
      const asKey = await refusal(await post(`${url}/echo`, `{"name":"x","more":{"${escaped}":1}}`));
      expect(asKey.errors?.map(({ pointer }) => pointer)).to.deep.equal(['/more']);
    });
  }

  it('is held to the same where the text is in the query', async () => {
    const { code, errors } = await refusal(await post(`${url}/echo?loud=a%00b`, '{"name":"x"}'));
    expect(code).to.equal('request.invalid');
    expect(errors?.map(({ pointer }) => pointer)).to.deep.equal(['/loud']);
  });

  it('is never repeated in a refusal', async () => {
    const canary = 'c4n4ry';
    const bodies = [
      `{"name":"${canary}`,
      `{"name":["${canary}"]}`,
      `{"name":"x","more":"\\u0000${canary}"}`,
      canary,
      `{"${canary} x":1}`,
    ];
    for (const body of bodies) {
      const response = await post(`${url}/echo`, body);
      expect(response.status).to.be.within(400, 499);
      expect(await response.text()).to.not.contain(canary);
    }
  });
});
