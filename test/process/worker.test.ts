import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { deliveredMail } from '../integration/mail/delivered-mail.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  type CasegateProcess,
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
  spawnCasegate,
  startServiceProcess,
} from '../support/service-process.ts';
import { SMTP_USER, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { call, newEmail, PASSWORD, register } from './call.ts';

describe('A worker', () => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let received: Buffer[];
  let env: ProcessEnv;
  let keys: ProcessEnv;

  before(async () => {
    database = await freshDatabase();
    keys = newKeys();
  });
  after(() => database.drop());
  beforeEach(async () => {
    received = [];
    sink = await startSmtpSink({
      onData: (stream, _session, done) => {
        void buffer(stream).then((source) => {
          received.push(source);
          done();
        });
      },
    });
    const user = `${SMTP_USER.name}:${encodeURIComponent(SMTP_USER.password)}`;
    env = {
      ...CHEAP,
      ...keys,
      DATABASE_URL: database.url,
      EMAIL_VERIFICATION: 'required',
      SMTP_URL: `smtp://${user}@127.0.0.1:${String(sink.port)}`,
    };
  });
  afterEach(async () => {
    await endCasegateProcesses();
    await sink.close();
  });

  async function startWorker(
    given: ProcessEnv = env,
    entry: 'cli.ts' | 'worker.ts' = 'cli.ts',
  ): Promise<CasegateProcess> {
    const worker = spawnCasegate(entry, entry === 'cli.ts' ? ['worker'] : [], given);
    await worker.logged(({ msg }) => msg === 'working');
    return worker;
  }

  async function expectEnd(worker: CasegateProcess, signal: NodeJS.Signals): Promise<void> {
    worker.signal(signal);
    const { code, stderr } = await worker.ended;
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(worker.log().map(({ msg }) => msg)).to.include.members(['finishing', 'stopped']);
  }

  it('sends what a command has written where no service runs, and ends with 0', async () => {
    const worker = await startWorker();
    const email = newEmail();
    const created = await runCommand(
      ['users', 'create', '--email', email, '--role', 'admin'],
      env,
      `${PASSWORD}\n`,
    );
    expect(created.code, created.stderr).to.equal(0);
    await eventually(() => received.length === 1);
    expect(await deliveredMail(received[0]!)).to.include({ to: email });
    await eventually(
      async () => (await query(database.url, 'SELECT FROM outbox WHERE outcome IS NULL')).length === 0,
    );
    await expectEnd(worker, 'SIGTERM');
    expect(received).to.have.length(1);
  });

  it('runs what recurs, at its start already, removes what expired, and serves metrics and nothing else', async () => {
    await query(
      database.url,
      `INSERT INTO failure_counters (key, failures, last_failed_at)
        SELECT sha256(n::text::bytea), 1, now() - interval '25 hours' FROM generate_series(1, 1001) AS n`,
    );
    const port = await freePort();
    const worker = await startWorker({ ...env, METRICS_PORT: String(port) }, 'worker.ts');
    const purged = await worker.logged(
      ({ msg, event }) => msg === 'jobs' && String(event).startsWith('expired'),
    );
    expect(purged['event']).to.equal('expired records removed: failureCounters 1001');
    const waiting = `SELECT name FROM casegate_jobs.job WHERE state = 'retry' AND start_after > now() ORDER BY name`;
    await eventually(async () => (await query(database.url, waiting)).length === 4);
    const url = `http://127.0.0.1:${String(port)}`;
    const { status, text } = await call(url, 'GET /metrics');
    expect(status).to.equal(200);
    expect(text).to.match(/^process_cpu_seconds_total \d/m);
    expect((await call(url, 'GET /health/live')).status).to.equal(404);
    await expectEnd(worker, 'SIGINT');
  });

  it('shares the work with services, and leaves what one says of anonymous cases alone', async () => {
    const service = await startServiceProcess({
      ...env,
      ANONYMOUS_CASES: 'off',
      EMAIL_VERIFICATION: 'optional',
    });
    const worker = await startWorker();
    for (let index = 0; index < 5; index += 1) {
      const { email } = await register(service.url);
      await call(service.url, 'POST /auth/password/forgot', { body: { email } });
    }
    await eventually(() => received.length === 5);
    await service.stop();
    await expectEnd(worker, 'SIGTERM');
    expect(received).to.have.length(5);
    expect(await query(database.url, 'SELECT anonymous_cases FROM installation')).to.deep.equal([
      { anonymous_cases: false },
    ]);
  });

  it('migrates an empty database, and refuses to start as the service does', async () => {
    const empty = await emptyDatabase();
    try {
      const worker = await startWorker({ ...env, DATABASE_URL: empty.url });
      await expectEnd(worker, 'SIGTERM');
      const wrong = { ...env, DATABASE_URL: empty.url, MASTER_KEY: newKeys().MASTER_KEY };
      const { code, stderr } = await runCommand(['worker'], wrong);
      expect(code).to.equal(1);
      expect(stderr).to.match(/^Casegate does not start\.\nMASTER_KEY does not open this database: .*\n$/);
    } finally {
      await empty.drop();
    }
  });
});
