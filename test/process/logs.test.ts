import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { eventually } from '../support/eventually.ts';
import {
  CHEAP,
  endCasegateProcesses,
  type LogLine,
  runCommand,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { makeScratch, query, type Scratch } from '../integration/embedded-postgres/scratch.ts';
import { type Answer, call, type Given } from './call.ts';

const RUN = randomBytes(4).toString('hex');
const canaries: string[] = [];

/** A word that is nowhere else, to be looked for in whatever the service writes. */
function canary(where: string): string {
  const word = `${where}${RUN}`;
  canaries.push(word);
  return word;
}

/** Names of fields that there are not: a problem points at them. */
const FIELDS = [canary('surplus'), canary('query')];
const EMAIL = `${canary('email')}@example.org`;
const PASSWORD = `${canary('password')} marble staircase`;
const ADDRESS = '203.0.113.77';
const HEADERS = {
  'user-agent': canary('agent'),
  'x-forwarded-for': ADDRESS,
  'x-request-id': canary('request'),
  cookie: `session=${canary('cookie')}`,
  referer: `https://${canary('referer')}.example.org/`,
  origin: 'https://app.example.org',
  [canary('field')]: canary('value'),
};

/** One request, and what the log must say of it. */
type Row = readonly [request: string, given: Given & { raw?: string }, status: number, route: string];

/** Sends `raw` as it is, as the whole connection; resolves when the other side has ended it. */
async function sendOctets(url: string, raw: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined).resume();
  socket.write(raw);
  await once(socket, 'close');
}

describe('The log', () => {
  let scratch: Scratch;
  let service: ServiceProcess;
  let output: string;
  let log: readonly LogLine[];
  const answers: { readonly row: Row; readonly answer: Answer }[] = [];

  async function send(row: Row): Promise<Answer> {
    const [request, { raw, ...given }] = row;
    const headers = { ...HEADERS, ...given.headers };
    const answer =
      raw === undefined
        ? await call(service.url, request, { ...given, headers })
        : await sendRaw(request, raw, { ...headers, ...(given.token && { authorization: given.token }) });
    answers.push({ row, answer });
    return answer;
  }

  async function sendRaw(request: string, body: string, headers: Record<string, string>): Promise<Answer> {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(service.url + path, { method, body, headers });
    const { status } = response;
    return { status, headers: response.headers, text: await response.text(), body: {}, ms: 0 };
  }

  /** Everything that a person can do here, and much that he cannot. */
  async function useEveryRoute(): Promise<void> {
    const account = { email: EMAIL, password: PASSWORD };
    const [surplus = '', parameter = ''] = FIELDS;
    const parameters = `?${parameter}=${canary('argument')}`;
    const registered = await send(['POST /auth/register', { body: account }, 201, '/auth/register']);
    const signedIn = await send(['POST /auth/login', { body: account }, 200, '/auth/login']);
    const refreshed = await send([
      'POST /auth/refresh',
      { body: { refreshToken: signedIn.body.refreshToken } },
      200,
      '/auth/refresh',
    ]);
    const token = registered.body.accessToken!;
    for (const { body } of [registered, signedIn, refreshed]) {
      canaries.push(body.accessToken!, body.refreshToken!, body.accessToken!.split('.')[2]!);
    }
    const submission = {
      language: 'en',
      question: canary('question'),
      vendorId: canary('vendor'),
      specialty: canary('specialty'),
    };
    const submitted = await send(['POST /cases', { token, body: submission }, 201, '/cases']);
    const anonymous = await send(['POST /cases', { body: submission }, 201, '/cases']);
    canaries.push((JSON.parse(anonymous.text) as { receipt: string }).receipt);

    const rows: readonly Row[] = [
      ['POST /auth/register', { body: account }, 409, '/auth/register'],
      ['POST /auth/register', { body: { ...account, password: 'short' } }, 422, '/auth/register'],
      ['POST /auth/register', { body: { ...account, tenant: canary('tenant') } }, 422, '/auth/register'],
      ['POST /auth/register', { body: { [surplus]: canary('unknown') } }, 422, '/auth/register'],
      ['POST /auth/login', { body: { ...account, password: canary('wrong') } }, 401, '/auth/login'],
      ['POST /auth/login', { body: { ...account, email: canary('bad-email') } }, 422, '/auth/login'],
      ['POST /auth/login', { raw: `{"password":"${canary('broken')}` }, 415, '/auth/login'],
      ['POST /auth/refresh', { body: { refreshToken: canary('refresh') } }, 401, '/auth/refresh'],
      ['GET /auth/me', { token }, 200, '/auth/me'],
      ['GET /auth/me', { token: canary('token') }, 401, '/auth/me'],
      [`GET /auth/me${parameters}`, { token: `${token}x` }, 401, '/auth/me'],
      ['PATCH /auth/me', { token, body: { language: canary('language') } }, 422, '/auth/me'],
      ['GET /auth/sessions', { token }, 200, '/auth/sessions'],
      [`DELETE /auth/sessions/${canary('session')}`, { token }, 404, '/auth/sessions/:id'],
      [
        'POST /auth/password',
        { token, body: { currentPassword: canary('a'), newPassword: canary('b') } },
        401,
        '/auth/password',
      ],
      [`GET /cases/${submitted.body.case!.id}`, { token }, 200, '/cases/:id'],
      [`GET /cases${parameters}`, { token }, 422, '/cases'],
      [`GET /cases?cursor=${canary('cursor')}`, { token }, 422, '/cases'],
      [`GET /users${parameters}`, { token }, 403, '/users'],
      [`GET /tenants/${canary('tenant-id')}`, { token }, 403, '/tenants/:id'],
      [`GET /${canary('path')}/deep${parameters}`, {}, 404, 'unmatched'],
      [`GET /%${canary('percent')}`, {}, 404, 'unmatched'],
      ['PUT /auth/me', { body: { value: canary('put') } }, 405, '/auth/me'],
      [`GET /health/live${parameters}`, {}, 200, '/health/live'],
      ['GET /health/ready', {}, 200, '/health/ready'],
      [`GET /.well-known/jwks.json${parameters}`, {}, 200, '/.well-known/jwks.json'],
      ['GET /openapi.json', {}, 200, '/openapi.json'],
      ['GET /docs', {}, 200, '/docs'],
    ];
    for (const row of rows) await send(row);
  }

  /** Faults of the service itself: what the database says then has the values in it. */
  async function provokeFaults(url: string): Promise<void> {
    const account = { email: EMAIL, password: PASSWORD };
    const submission = { language: 'en', question: canary('lost-question') };
    await query(url, 'ALTER INDEX users_tenant_email_key RENAME TO renamed_key');
    await query(url, 'ALTER TABLE case_messages ADD CHECK (length(body) < 0) NOT VALID');
    await send(['POST /auth/register', { body: account }, 500, '/auth/register']);
    await send(['POST /cases', { body: submission }, 500, '/cases']);
    await query(url, 'ALTER TABLE users RENAME COLUMN email TO renamed');
    await send(['POST /auth/login', { body: account }, 500, '/auth/login']);
  }

  /** What never becomes a request, or is left by its client half-way. */
  async function sendHalves(): Promise<void> {
    const { url } = service;
    await sendOctets(url, `GET /${canary('line')} HTTP/9.9\r\n${canary('head')}\r\n\r\n`);
    await sendOctets(url, `GET / HTTP/1.1\r\nHost: a\r\nX: ${canary('long')}${'x'.repeat(20_000)}\r\n\r\n`);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const type = 'Host: a\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n';
    socket.write(`POST /auth/login HTTP/1.1\r\n${type}{"email":"${canary('half')}`);
    await eventually(async () => {
      await send(['GET /health/live', {}, 200, '/health/live']);
      return service.log().length > 0;
    });
    socket.resetAndDestroy();
    await service.logged(({ status }) => status === 499);
  }

  before(async function () {
    this.timeout(60_000);
    scratch = await makeScratch();
    const env = { ...CHEAP, DATA_DIR: scratch.dataDir, LOG_LEVEL: 'trace', TRUST_PROXY: '1' };
    const cors = { CORS_ORIGINS: 'https://app.example.org' };
    canaries.push(ADDRESS);
    service = await startServiceProcess({ ...env, ...cors });
    const database = await startEmbeddedPostgres({ dataDir: scratch.dataDir });
    await useEveryRoute();
    await send([
      'POST /auth/login',
      { raw: `{"email":"${canary('cut')}`, headers: { 'content-type': 'application/json' } },
      400,
      '/auth/login',
    ]);
    await sendHalves();
    await runCommand(
      ['users', 'create', '--email', `${canary('admin')}@example.org`, '--role', 'admin'],
      env,
      canary('piped'),
    );
    await provokeFaults(database.url);
    await database.stop();
    const { stdout, stderr } = await service.stop();
    output = stdout + stderr;
    log = service.log();
  });
  after(async () => {
    await endCasegateProcesses();
    await scratch.remove();
  });

  it('is JSON, line by line, but for the greeting; and nothing goes to standard error', () => {
    expect(service.stderr()).to.equal('');
    const others = output.split('\n').filter((line) => !line.startsWith('{'));
    const greeting = /^($|Casegate listens on http|Docs: http|Register, sign in, submit a case:$|curl -s )/;
    expect(others.filter((line) => !greeting.test(line))).to.deep.equal([]);
    for (const line of log) expect(line).to.include.keys('level', 'time', 'msg');
  });

  it('has one line a request, with its id, method, route, status and duration, and nothing else', () => {
    const lines = log.filter(({ msg }) => msg === 'request');
    expect(lines).to.have.length(answers.length + 1);
    for (const { row, answer } of answers) {
      const [request, , status, route] = row;
      expect([request, answer.status, answer.text]).to.deep.equal([request, status, answer.text]);
      const requestId = answer.headers.get('x-request-id');
      const own = lines.filter((line) => line['requestId'] === requestId);
      expect(own, request).to.have.length(1);
      const { durationMs, level, time, ...told } = own[0]!;
      expect(told).to.deep.equal({ requestId, method: request.split(' ')[0], route, status, msg: 'request' });
      expect(level).to.equal('info');
      expect(durationMs).to.be.a('number').and.to.be.within(0, 12_000);
      expect(new Date(String(time)).toISOString()).to.equal(time);
    }
  });

  it('has a line of each request that its client left, and of each that was none', () => {
    const left = log.filter(({ status }) => status === 499);
    expect(left.map(({ route }) => route)).to.deep.equal(['/auth/login']);
    const refused = log.filter(({ level }) => level === 'warn');
    expect(refused.map(({ code }) => code)).to.deep.equal([
      'request.bad-request',
      'request.headers-too-large',
    ]);
  });

  it('has the place and the code of each fault, under the id that the client was told', () => {
    const faults = answers.filter(({ answer }) => answer.status === 500);
    expect(faults).to.have.length(3);
    const codes = faults.map(({ answer }) => {
      const errors = log.filter(
        ({ level, requestId }) => level === 'error' && requestId === answer.body.requestId,
      );
      expect(errors).to.have.length(1);
      const failure = errors[0]!['failure'] as { readonly code: string; readonly stack: readonly string[] };
      expect(failure.stack).not.to.be.empty;
      return failure.code;
    });
    expect(codes).to.deep.equal(['23505', '23514', '42703']);
    expect(log.filter(({ level }) => level === 'error')).to.have.length(3);
  });

  it('holds nothing that anybody sent or was given, and neither does that of the database', async () => {
    const ofDatabase = await readFile(join(scratch.dataDir, 'postgres.log'), 'utf8');
    expect(canaries.length).to.be.greaterThan(40);
    for (const text of [output.replace(/^curl .*$/gm, ''), ofDatabase]) {
      expect(canaries.filter((word) => text.toLowerCase().includes(word.toLowerCase()))).to.deep.equal([]);
    }
  });

  it('does not need to: problems repeat no value that was sent either, only names of fields', () => {
    const problems = answers.filter(({ answer }) => answer.status >= 400).map(({ answer }) => answer.text);
    const repeated = canaries.filter((word) => problems.some((text) => text.includes(word)));
    expect(repeated).to.have.members(FIELDS);
  });
});
