import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.ts';
import { withClient } from '../support/legacy-service.ts';
import { type RestartablePostgres, startRestartablePostgres } from '../support/restartable-postgres.ts';
import { type Answer, call, register, submit } from './call.ts';
import { Traffic } from './traffic.ts';

/** Past that, a request hangs. */
const HANGING_MS = 12_000;

/** What was answered for and is not there, or not whole; one row a kind. */
const LOST = `
SELECT 'account' AS lost FROM unnest($1::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM users WHERE uuid = id)
UNION ALL SELECT 'entry of a registration' FROM unnest($1::uuid[]) AS id
  WHERE NOT EXISTS (SELECT FROM audit_entries WHERE action = 'identity.registered' AND subject_id = id::text)
UNION ALL SELECT 'case' FROM unnest($2::uuid[]) AS id
  WHERE NOT EXISTS (SELECT FROM cases JOIN rn_requests USING (uuid) WHERE cases.uuid = id)
UNION ALL SELECT 'entry of a case' FROM unnest($2::uuid[]) AS id
  WHERE NOT EXISTS (SELECT FROM audit_entries WHERE action = 'cases.submitted' AND subject_id = id::text)
UNION ALL SELECT 'event of a case' FROM cases WHERE NOT EXISTS (SELECT FROM case_events WHERE case_uuid = cases.uuid)
UNION ALL SELECT 'text of a case' FROM cases WHERE NOT EXISTS (SELECT FROM case_messages WHERE case_uuid = cases.uuid)
UNION ALL SELECT 'entry of a session' FROM sessions
  WHERE NOT EXISTS (SELECT FROM audit_entries WHERE action = 'access.signed-in' AND subject_id = sessions.uuid::text)
UNION ALL SELECT 'session with several successors' FROM refresh_tokens WHERE rotated_at IS NULL
  GROUP BY session_uuid HAVING count(*) > 1`;

const OPEN_TRANSACTIONS = `SELECT application_name, state, query FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR state <> 'idle')`;

/** Whether an answer is one that a client may get while the database is away. */
function isFair({ body, headers, status }: Answer): boolean {
  if (status < 500) return status < 300;
  return (
    status === 503 &&
    headers.get('content-type') === 'application/problem+json' &&
    body.code === 'request.unavailable' &&
    body.requestId === headers.get('x-request-id') &&
    /^[1-9]\d*$/.test(headers.get('retry-after') ?? '')
  );
}

describe('The service, when its database fails', function () {
  this.timeout(60_000);
  let server: RestartablePostgres;
  let service: ServiceProcess;

  before(async () => {
    server = await startRestartablePostgres();
    service = await startServiceProcess({ ...CHEAP, ...newKeys(), DATABASE_URL: server.url });
  });
  after(async () => {
    await endCasegateProcesses();
    await server.stop();
  });

  const isReady = async (): Promise<boolean> => (await call(service.url, 'GET /health/ready')).status === 200;
  const isRefusing = (traffic: Traffic) => () => traffic.count(({ status }) => status === 503) > 0;

  /** Traffic from before the fault until well after it, and all that must be true of it. */
  async function underTraffic(fault: (traffic: Traffic) => Promise<void>): Promise<Traffic> {
    const traffic = new Traffic(service.url, 16);
    await eventually(() => traffic.submitted.length > 20);
    await fault(traffic);
    await eventually(isReady);
    const { length } = traffic.submitted;
    await eventually(() => traffic.submitted.length > length + 20);
    await traffic.stop();
    expect(service.isRunning(), service.stderr()).to.equal(true);
    expectFairAnswers(traffic);
    await expectNothingLost(traffic);
    const stillIn = await traffic.whoCanStillGetIn();
    expect(stillIn).to.deep.equal(stillIn.map(() => [200, 'the same account']));
    return traffic;
  }

  function expectFairAnswers({ observed }: Traffic): void {
    const unfair = observed.filter(({ answer, ms }) => !answer || ms > HANGING_MS || !isFair(answer));
    const told = unfair.map(({ answer, failure, ms, request }) => ({
      request,
      ms: Math.round(ms),
      what: answer ? `${String(answer.status)} ${answer.text}` : failure,
    }));
    expect(told).to.deep.equal([]);
  }

  async function expectNothingLost({ registered, submitted }: Traffic): Promise<void> {
    await withClient(server.url, async (client) => {
      expect((await client.query(LOST, [registered, submitted])).rows).to.deep.equal([]);
      expect((await client.query(OPEN_TRANSACTIONS)).rows).to.deep.equal([]);
    });
  }

  it('answers 503 while it restarts, twice, and loses nothing that was answered for', async () => {
    const traffic = await underTraffic(async () => {
      await server.restart();
      await eventually(isReady);
      await server.restart();
    });
    expect(traffic.count(({ status }) => status === 503)).to.be.greaterThan(0);
  });

  it('does so as well when the server is killed, and when one of its processes is, in the middle of things', async () => {
    const traffic = await underTraffic(async (flowing) => {
      await server.restart('SIGKILL');
      await eventually(isReady);
      const refused = flowing.count(({ status }) => status === 503);
      const [row] = await withClient(server.url, async (client) => {
        const text = `SELECT pid FROM pg_stat_activity WHERE application_name = 'casegate' LIMIT 1`;
        return (await client.query<{ pid: number }>(text)).rows;
      });
      process.kill(row!.pid, 'SIGKILL');
      await eventually(() => flowing.count(({ status }) => status === 503) > refused);
    });
    expect(traffic.count(({ status }) => status === 503)).to.be.greaterThan(0);
  });

  it('answers within its limits while the server is frozen, and goes on when it thaws', async () => {
    await underTraffic(async (flowing) => {
      await server.freeze();
      await eventually(isRefusing(flowing));
      const { ms, status } = await call(service.url, 'GET /health/live');
      expect(status).to.equal(200);
      expect(ms).to.be.lessThan(500);
      expect((await call(service.url, 'GET /health/ready')).body).to.deep.equal({
        status: 'unavailable',
        checks: { database: 'failing' },
      });
      await server.thaw();
    });
  });

  it('gives up what a frozen server took and does not answer, and has no open transaction later', async () => {
    const { accessToken: token } = await register(service.url);
    await submit(service.url, token);
    await server.freeze();
    const begun = performance.now();
    const asked = ['GET /auth/me', 'GET /cases', 'POST /cases', 'POST /auth/register', 'POST /auth/login'];
    const body = { email: 'x@example.org', password: 'quiet marble staircase' };
    const answers = await Promise.all(
      asked.map((request) =>
        call(service.url, request, {
          limitMs: HANGING_MS,
          ...(request === 'POST /cases'
            ? { token, body: { language: 'en', question: 'Is it so?' } }
            : request.startsWith('POST')
              ? { body }
              : { token }),
        }),
      ),
    ).finally(() => server.thaw());
    expect(performance.now() - begun).to.be.within(2_500, HANGING_MS);
    for (const answer of answers) expect([answer.status, isFair(answer)]).to.deep.equal([503, true]);
    await eventually(isReady);
    expect((await call(service.url, 'GET /auth/me', { token })).status).to.equal(200);
    await delay(300);
    await withClient(server.url, async (client) => {
      expect((await client.query(OPEN_TRANSACTIONS)).rows).to.deep.equal([]);
    });
  });

  it('ends in good order while the server is frozen', async () => {
    await server.freeze();
    const begun = performance.now();
    const { code, stderr } = await service.stop().finally(() => server.thaw());
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(performance.now() - begun).to.be.lessThan(8_000);
  });
});
