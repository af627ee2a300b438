import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { type AnswerBody, call, newEmail, PASSWORD } from './call.ts';

/** So expensive that some registrations are still being hashed when the signal comes. */
const SLOW = { ...CHEAP, ARGON2_MEMORY_KIB: '65536', ARGON2_PASSES: '8' };

/** A request over a connection that is kept alive. */
async function get(agent: Agent, url: string): Promise<IncomingMessage & { readonly json: AnswerBody }> {
  const [response] = (await once(request(url, { agent }).end(), 'response')) as [IncomingMessage];
  return Object.assign(response, { json: (await json(response)) as AnswerBody });
}

describe('The service, told to stop', () => {
  let database: TestDatabase;
  let service: ServiceProcess;
  let agent: Agent;
  const start = async (env = CHEAP): Promise<void> => {
    service = await startServiceProcess({ ...newKeys(), DATABASE_URL: database.url, ...env });
  };

  beforeEach(async () => {
    database = await freshDatabase();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(async () => {
    agent.destroy();
    await endCasegateProcesses();
    await database.drop();
  });

  it('finishes what is under way, and every answer says that its connection ends', async () => {
    await start(SLOW);
    const emails = Array.from({ length: 6 }, newEmail);
    const registering = emails.map((email) =>
      call(service.url, 'POST /auth/register', { body: { email, password: PASSWORD } }),
    );
    const inFlight = Promise.all(registering);
    await Promise.race(registering);
    service.signal('SIGTERM');
    const draining = await service.logged(({ msg }) => msg === 'draining');
    const answers = await inFlight;
    const ending = await service.ended;

    expect(answers.map(({ status }) => status)).to.deep.equal(emails.map(() => 201));
    const finishedLate = service
      .log()
      .filter(({ msg, time }) => msg === 'request' && String(time) > String(draining['time']));
    expect(finishedLate).not.to.be.empty;
    const closing = answers.filter(({ headers }) => headers.get('connection') === 'close');
    expect(closing).to.have.length(finishedLate.length);
    expect(ending).to.include({ code: 0, signal: null, stderr: '' });
    expect(service.log().at(-1)).to.include({ msg: 'stopped' });
    const rows = await query(database.url, 'SELECT count(*)::integer AS n FROM users');
    expect(rows).to.deep.equal([{ n: emails.length }]);
  });

  it('is not ready while it drains, though alive, and ends connections that are kept alive', async () => {
    await start();
    const before = await get(agent, `${service.url}/health/ready`);
    expect([before.statusCode, before.headers.connection]).to.deep.equal([200, 'keep-alive']);
    service.signal('SIGTERM');
    let during = before;
    await eventually(async () => {
      during = await get(agent, `${service.url}/health/ready`);
      return during.statusCode !== 200;
    });
    const live = await get(agent, `${service.url}/health/live`);
    expect([during.statusCode, during.headers.connection]).to.deep.equal([503, 'close']);
    expect(during.json).to.deep.equal({ status: 'unavailable', checks: { draining: 'failing' } });
    expect([live.statusCode, live.headers.connection]).to.deep.equal([200, 'close']);
    expect((await service.ended).code).to.equal(0);
    await expectNobodyThere(service.url);
  });

  it('does not wait for connections on which nothing is asked', async () => {
    await start();
    await get(agent, `${service.url}/health/live`);
    const { hostname, port } = new URL(service.url);
    const silent = connect(Number(port), hostname).on('error', () => undefined);
    await once(silent, 'connect');
    const begun = performance.now();
    expect((await service.stop()).code).to.equal(0);
    expect(performance.now() - begun).to.be.lessThan(4_000);
    await eventually(() => silent.closed || silent.readableEnded || silent.destroyed);
    silent.destroy();
  });

  it('takes further signals for what they are: the same wish again', async () => {
    await start(SLOW);
    const answer = call(service.url, 'POST /auth/register', {
      body: { email: newEmail(), password: PASSWORD },
    });
    await eventually(async () => (await get(agent, `${service.url}/health/live`)).statusCode === 200);
    for (const name of ['SIGTERM', 'SIGINT', 'SIGTERM'] as const) service.signal(name);
    expect((await answer).status).to.equal(201);
    expect(await service.ended).to.include({ code: 0, signal: null, stderr: '' });
    expect(service.log().filter(({ msg }) => msg === 'draining')).to.have.length(1);
  });
});

async function expectNobodyThere(url: string): Promise<void> {
  const failure = await fetch(url).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).to.be.instanceOf(TypeError);
}
