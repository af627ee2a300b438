import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import express from 'express';
import { z } from 'zod';
import { route } from '../../../src/adapters/http/route.ts';
import { type HttpServer, startHttpServer } from '../../../src/adapters/http/start-http-server.ts';
import { rawExchange } from './support/raw-exchange.ts';
import { PUBLIC_URL, startKernel, stopKernels } from './support/start-kernel.ts';

const CANARY = 'c4n4ry';

const wait = route({
  method: 'get',
  path: '/wait/:ms',
  summary: 'Wait',
  access: 'public',
  limit: 'none',
  input: { params: z.strictObject({ ms: z.string().transform(Number) }) },
  responses: { 200: z.object({ waited: z.int() }) },
  handle: async ({ params }) => {
    await delay(params.ms);
    return { status: 200, body: { waited: params.ms } };
  },
});

const echo = route({
  method: 'post',
  path: '/echo',
  summary: 'Say it again',
  access: 'public',
  limit: 'none',
  input: { body: z.strictObject({ name: z.string() }) },
  responses: { 200: z.object({ name: z.string() }) },
  handle: ({ body }) => ({ status: 200, body }),
});

const HEAD = 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** A GET over a connection that the agent keeps. */
const getBy = (agent: Agent, url: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
    });
    sent.on('error', reject);
    sent.end();
  });

/** A server whose answers begin at once, and end when some time has passed. */
async function streamingServer(
  options: { readonly drainSeconds?: number } = {},
): Promise<{ server: HttpServer; port: number }> {
  const app = express();
  app.use(async (_req, res) => {
    res.write('the beginning');
    await delay(300);
    res.end('the rest');
  });
  const logger = { warn: () => undefined };
  const given = { host: '127.0.0.1', port: 0, publicUrl: PUBLIC_URL, logger, noticeSeconds: 0, ...options };
  const server = await startHttpServer(app, given);
  return { server, port: Number(new URL(server.url).port) };
}

describe('The server', () => {
  afterEach(stopKernels);

  for (const [what, sent, status, code] of [
    ['what is no HTTP', `${CANARY}\r\n\r\n`, 400, 'request.bad-request'],
    [
      'a method that nobody knows',
      `${CANARY.toUpperCase()} / HTTP/1.1\r\nHost: x\r\n\r\n`,
      400,
      'request.bad-request',
    ],
    [
      'a head that is too large',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'request.headers-too-large',
    ],
    [
      'two lengths of one body',
      `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      400,
      'request.bad-request',
    ],
    [
      'a length beside chunks',
      `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'request.bad-request',
    ],
    [
      'chunks that are none',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n${CANARY}\r\n`,
      400,
      'request.bad-request',
    ],
    [
      'a header with a line break',
      `GET /wait/0 HTTP/1.1\r\nHost: x\r\nX-A: b\n${CANARY}\r\n\r\n`,
      400,
      'request.bad-request',
    ],
  ] as const) {
    it(`answers ${what} with a problem, and closes`, async () => {
      const { port, log } = await startKernel([wait, echo]);
      const answer = await rawExchange(port, sent);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head)
        .to.match(/content-type: application\/problem\+json/i)
        .and.match(/connection: close/i);
      expect(head).to.match(/x-content-type-options: nosniff/i);
      const problem = JSON.parse(body) as Record<string, unknown>;
      expect(problem).to.include({ status, code });
      expect(head).to.contain(String(problem['requestId']));
      expect(answer + JSON.stringify(log)).to.not.contain(CANARY);
    });
  }

  it('closes the connection itself after such an answer, whether the client does or not', async () => {
    const { port } = await startKernel([wait]);
    const socket = connect(port, '127.0.0.1', () => socket.write('no HTTP\r\n\r\n'));
    socket.resume();
    const [hadError] = (await once(socket, 'close')) as [boolean];
    expect(hadError).to.be.false;
  });

  it('gives up on a head that does not come to its end', async () => {
    const { port } = await startKernel([wait], { patienceMs: 100 });
    expect(await rawExchange(port, 'GET /wait/0 HTTP/1.1\r\nHost: x\r\nX-A: ')).to.match(/^HTTP\/1\.1 408 /);
  });

  it('gives up on a body that does not come to its end', async () => {
    const { port } = await startKernel([echo], { patienceMs: 100 });
    const answer = await rawExchange(port, `${HEAD}Content-Length: 100\r\n\r\n{"name":`);
    expect(answer)
      .to.match(/^HTTP\/1\.1 408 /)
      .and.contain('"code":"request.timeout"');
    expect(answer.match(/HTTP\/1\.1/g)).to.have.length(1);
  });

  it('never sends a second answer after one that was given before the body had come', async () => {
    const { port } = await startKernel([echo], { patienceMs: 100 });
    const answer = await rawExchange(port, `${HEAD}Content-Length: 100000\r\n\r\n{"name":`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 413']);
  });

  describe('where what follows a request is no HTTP', () => {
    const GET = 'GET /wait/100 HTTP/1.1\r\nHost: x\r\n\r\n';
    const POST = `${HEAD}Content-Length: 12\r\n\r\n{"name":"x"}`;
    const BROKEN_CHUNKS = `${HEAD}Transfer-Encoding: chunked\r\n\r\n${CANARY}\r\n`;
    const statuses = (answer: string) => answer.match(/HTTP\/1\.1 \d+/g);

    for (const [what, sent, expected] of [
      ['a request', `${POST}${CANARY}\r\n\r\n`, ['HTTP/1.1 200']],
      [
        'a request that says it is the last',
        `${POST.replace('Host: x', 'Host: x\r\nConnection: close')}${CANARY}`,
        ['HTTP/1.1 200'],
      ],
      ['several requests', `${GET}${POST}${CANARY}\r\n\r\n`, ['HTTP/1.1 200', 'HTTP/1.1 200']],
      ['a request, in the body of the next one', `${GET}${BROKEN_CHUNKS}`, ['HTTP/1.1 200']],
    ] as const) {
      it(`gives the answer to ${what} and nothing else, and closes`, async () => {
        const { port } = await startKernel([wait, echo]);
        const began = performance.now();
        expect(statuses(await rawExchange(port, sent))).to.deep.equal(expected);
        expect(performance.now() - began).to.be.below(390);
      });
    }

    it('does not heed what comes after it while the answer is made', async () => {
      const { port } = await startKernel([wait]);
      const socket = connect(port, '127.0.0.1', () => socket.write(GET));
      const sending = setInterval(() => socket.write(CANARY), 10);
      const answer = await text(socket);
      clearInterval(sending);
      expect(statuses(answer)).to.deep.equal(['HTTP/1.1 200']);
    });

    it('refuses it where everything before has its answer', async () => {
      const { port } = await startKernel([wait]);
      const socket = connect(port, '127.0.0.1', () => socket.write(GET));
      setTimeout(() => socket.write(`${CANARY}\r\n\r\n`), 200);
      expect(statuses(await text(socket))).to.deep.equal(['HTTP/1.1 200', 'HTTP/1.1 400']);
    });

    it('lets an answer that has begun come to its end', async () => {
      const { server, port } = await streamingServer();
      const socket = connect(port, '127.0.0.1', () => socket.write(GET));
      await once(socket, 'data');
      socket.write(`${CANARY}\r\n\r\n`);
      expect(await text(socket))
        .to.contain('the rest')
        .and.match(/\r\n0\r\n\r\n$/);
      await server.drain();
    });
  });

  it('goes on when clients go away in the middle of a body', async () => {
    const { url, port, log } = await startKernel([echo, wait]);
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"name":`),
    );
    await delay(50);
    socket.destroy();
    await delay(50);
    expect((await fetch(`${url}/wait/0`)).status).to.equal(200);
    expect(log.filter(({ level }) => Number(level) >= 50)).to.deep.equal([]);
    expect(log.map(({ status }) => status)).to.include.members([499, 200]);
  });

  it('answers requests that expect to be told to go on', async () => {
    const { port } = await startKernel([echo]);
    const answer = await rawExchange(
      port,
      `${HEAD}Expect: 100-continue\r\nContent-Length: 12\r\n\r\n{"name":"x"}`,
    );
    expect(answer.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 100', 'HTTP/1.1 200']);
  });

  it('says where it listens', async () => {
    const { url } = await startKernel([wait]);
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('A drain', () => {
  afterEach(stopKernels);

  it('lets requests in flight finish, tells their clients to leave, and accepts nothing new', async () => {
    const { server, url, port } = await startKernel([wait], { drainSeconds: 5 });
    const agent = new Agent({ keepAlive: true });
    const inFlight = getBy(agent, `${url}/wait/300`);
    await delay(100);
    const drained = server.drain();
    await delay(50);
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
    const response = await inFlight;
    expect(response.statusCode).to.equal(200);
    expect(response.headers.connection).to.equal('close');
    await drained;
    agent.destroy();
  });

  it('goes on answering for a moment, so that nobody who keeps a connection is cut off', async () => {
    const { server, url } = await startKernel([wait], { drainSeconds: 5, noticeSeconds: 0.3 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await getBy(agent, `${url}/wait/0`);
    expect(before.headers.connection).to.equal('keep-alive');
    const drained = server.drain();
    const meanwhile = await getBy(agent, `${url}/wait/0`);
    expect([meanwhile.statusCode, meanwhile.headers.connection]).to.deep.equal([200, 'close']);
    await drained;
    agent.destroy();
  });

  it('does not wait for idle connections', async () => {
    const { server, url } = await startKernel([wait], { drainSeconds: 5 });
    const agent = new Agent({ keepAlive: true });
    await getBy(agent, `${url}/wait/0`);
    const began = performance.now();
    await server.drain();
    expect(performance.now() - began).to.be.below(1000);
    agent.destroy();
  });

  it('does not wait for connections on which nothing was ever asked, or not all of it', async () => {
    const { server, port } = await startKernel([wait], { drainSeconds: 5 });
    const silent = connect(port, '127.0.0.1');
    const slow = connect(port, '127.0.0.1', () => slow.write('GET /wait/0 HTTP/1.1\r\n'));
    const ended = Promise.all([silent, slow].map((socket) => once(socket.resume(), 'close')));
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
    await delay(50);
    const began = performance.now();
    await server.drain();
    await ended;
    expect(performance.now() - began).to.be.below(500);
  });

  it('ends a connection when the answer is out that was begun before', async () => {
    const { server, port } = await streamingServer({ drainSeconds: 5 });
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    const [begun] = (await once(socket, 'data')) as [Buffer];
    expect(begun.toString()).to.match(/connection: keep-alive/i);
    const began = performance.now();
    const drained = server.drain();
    expect(await text(socket))
      .to.contain('the rest')
      .and.match(/\r\n0\r\n\r\n$/);
    await drained;
    expect(performance.now() - began).to.be.below(1500);
  });

  it('answers every request that it has taken from a connection', async () => {
    const { server, port } = await startKernel([wait], { drainSeconds: 5 });
    const asked = 'GET /wait/200 HTTP/1.1\r\nHost: x\r\n\r\n';
    const socket = connect(port, '127.0.0.1', () => socket.write(asked + asked));
    await delay(100);
    const drained = server.drain();
    const answers = await text(socket);
    await drained;
    expect(answers.match(/HTTP\/1\.1 200/g)).to.have.length(2);
    expect(answers.match(/connection: close/gi)).to.have.length(1);
  });

  it('cuts off what takes too long, and is one drain however often it is asked for', async () => {
    const { server, url } = await startKernel([wait], { drainSeconds: 0.2 });
    const cut = getBy(new Agent(), `${url}/wait/3000`).then(
      () => 'answered',
      () => 'cut off',
    );
    await delay(50);
    const began = performance.now();
    await Promise.all([server.drain(), server.drain()]);
    expect(performance.now() - began).to.be.within(150, 1500);
    expect(await cut).to.equal('cut off');
  });
});
