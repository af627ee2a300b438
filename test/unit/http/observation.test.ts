import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { createMetricsApp } from '../../../src/adapters/http/create-metrics-app.ts';
import { route } from '../../../src/adapters/http/route.ts';
import { startHttpServer } from '../../../src/adapters/http/start-http-server.ts';
import { startKernel, stopKernels } from './support/start-kernel.ts';

const CANARY = 'c4n4ry';

const readThing = route({
  method: 'get',
  path: '/things/:id',
  summary: 'Read',
  access: 'cases.submit',
  limit: 'anonymous',
  input: { params: z.strictObject({ id: z.string() }) },
  responses: { 200: z.object({}) },
  handle: () => ({ status: 200, body: {} }),
});

const wait = route({
  method: 'get',
  path: '/wait',
  summary: 'Wait',
  access: 'public',
  limit: 'none',
  responses: { 204: null },
  handle: async () => {
    await delay(200);
    return { status: 204 };
  },
});

describe('The log', () => {
  afterEach(stopKernels);

  it('has one line a request, with the pattern of its route', async () => {
    const { url, log, server } = await startKernel([readThing]);
    const response = await fetch(`${url}/things/${CANARY}`);
    await fetch(`${url}/nowhere/${CANARY}`);
    await fetch(`${url}/things/1`, { method: 'PUT' });
    await server.drain();
    expect(log).to.have.length(3);
    const [answered, unknown, refused] = log;
    expect(answered).to.have.all.keys(
      'level',
      'time',
      'msg',
      'requestId',
      'method',
      'route',
      'status',
      'durationMs',
    );
    expect(answered).to.include({
      level: 30,
      msg: 'request',
      method: 'GET',
      route: '/things/:id',
      status: 200,
    });
    expect(answered?.['requestId']).to.equal(response.headers.get('x-request-id'));
    expect(answered?.['durationMs']).to.be.a('number').within(0, 5000);
    expect(unknown).to.include({ route: 'unmatched', status: 404 });
    expect(refused).to.include({ route: '/things/:id', method: 'PUT', status: 405 });
  });

  it('holds nothing that a client sent', async () => {
    const { url, log, server } = await startKernel([readThing]);
    const headers = {
      'user-agent': CANARY,
      cookie: `a=${CANARY}`,
      referer: `http://${CANARY}/`,
      'x-request-id': CANARY,
    };
    await fetch(`${url}/things/${CANARY}?q=${CANARY}`, { headers });
    await fetch(`${url}/things/1`, { headers: { ...headers, authorization: `Bearer ${CANARY}` } });
    await server.drain();
    expect(log).to.have.length(2);
    expect(JSON.stringify(log)).to.not.contain(CANARY);
    expect(JSON.stringify(log)).to.not.contain('127.0.0.1');
  });

  it('tells of clients that went away before their answer', async () => {
    const { log, port, server } = await startKernel([wait], { drainSeconds: 2 });
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /wait HTTP/1.1\r\nHost: x\r\n\r\n'));
    await delay(100);
    socket.destroy();
    await delay(300);
    await server.drain();
    expect(log.map(({ route: pattern, status }) => [pattern, status])).to.deep.equal([['/wait', 499]]);
  });
});

describe('The metrics', () => {
  afterEach(stopKernels);

  it('measure requests by method, route and status, on a port of their own', async () => {
    const { url, metrics } = await startKernel([readThing]);
    await fetch(`${url}/things/${CANARY}`);
    await fetch(`${url}/nowhere/${CANARY}`);
    const logger = { warn: () => undefined };
    const options = { host: '127.0.0.1', port: 0, publicUrl: url, logger, noticeSeconds: 0 };
    const apart = await startHttpServer(createMetricsApp(metrics), options);
    const response = await fetch(`${apart.url}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    expect(text).to.contain(
      'http_request_duration_seconds_count{method="GET",route="/things/:id",status="200"} 1',
    );
    expect(text).to.contain(
      'http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1',
    );
    expect(text).to.not.contain(CANARY);
    expect((await fetch(`${apart.url}/`)).status).to.equal(404);
    await apart.drain();
  });

  it('are not on the public port', async () => {
    const { url } = await startKernel([readThing]);
    expect((await fetch(`${url}/metrics`)).status).to.equal(404);
    expect(await new Registry().metrics()).to.equal('\n');
  });
});
