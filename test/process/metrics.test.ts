import { expect } from 'chai';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { freePort } from '../support/free-port.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { call, register, submit } from './call.ts';

describe('Metrics', () => {
  let database: TestDatabase;
  let service: ServiceProcess;
  let metricsUrl: string;
  let env: ProcessEnv;
  before(async () => {
    database = await freshDatabase();
    const port = await freePort();
    metricsUrl = `http://127.0.0.1:${String(port)}`;
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
    service = await startServiceProcess({ ...env, METRICS_PORT: String(port) });
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  it('are on their port, by route and status, without anything that names a person or a record', async () => {
    const person = await register(service.url);
    const caseId = await submit(service.url, person.accessToken);
    await call(service.url, `GET /cases/${caseId}`, { token: person.accessToken });
    await call(service.url, `GET /${person.id}`);
    const { headers, status, text } = await call(metricsUrl, 'GET /metrics');
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    for (const labels of [
      'method="POST",route="/auth/register",status="201"',
      'method="GET",route="/cases/:id",status="200"',
      'method="GET",route="unmatched",status="404"',
    ]) {
      expect(text).to.contain(`http_request_duration_seconds_count{${labels}} 1\n`);
    }
    expect(text).to.match(/^process_cpu_seconds_total \d/m);
    for (const value of [person.email, person.id, caseId]) expect(text).not.to.contain(value);
  });

  it('are not on the public port', async () => {
    const { body, status } = await call(service.url, 'GET /metrics');
    expect([status, body.code]).to.deep.equal([404, 'request.not-found']);
  });

  it('share their port with nothing else', async () => {
    for (const path of ['/', '/health/live', '/auth/me', '/openapi.json', '/docs', '/metrics/']) {
      expect((await call(metricsUrl, `GET ${path}`)).status, path).to.equal(404);
    }
  });

  it('are gone with the service, and off where no port is set', async () => {
    expect((await service.stop()).code).to.equal(0);
    const gone = await fetch(metricsUrl).catch((error: unknown) => error);
    expect(gone).to.be.instanceOf(TypeError);
    service = await startServiceProcess(env);
    expect((await call(service.url, 'GET /metrics')).status).to.equal(404);
    await service.stop();
  });
});
