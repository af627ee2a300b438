import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { deliveredMail } from '../integration/mail/delivered-mail.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { CHEAP, endCasegateProcesses, newKeys, startServiceProcess } from '../support/service-process.ts';
import { SMTP_USER, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { call, register } from './call.ts';

describe('A mail in the hands of a process that is killed', () => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let answers: boolean;
  let received: Buffer[];

  beforeEach(async () => {
    answers = false;
    received = [];
    database = await freshDatabase();
    sink = await startSmtpSink({
      onData: (stream, _session, done) => {
        void buffer(stream).then((source) => {
          received.push(source);
          if (answers) done();
        });
      },
    });
  });
  afterEach(async () => {
    await endCasegateProcesses();
    await sink.close();
    await database.drop();
  });

  it('is sent once by the next one, within five seconds and as the same message', async () => {
    const user = `${SMTP_USER.name}:${encodeURIComponent(SMTP_USER.password)}`;
    const env = {
      ...CHEAP,
      ...newKeys(),
      DATABASE_URL: database.url,
      SMTP_URL: `smtp://${user}@127.0.0.1:${String(sink.port)}`,
    };
    const killed = await startServiceProcess(env);
    const { email } = await register(killed.url);
    await call(killed.url, 'POST /auth/password/forgot', { body: { email } });
    await eventually(() => received.length === 1);
    await killed.kill();
    answers = true;

    const next = await startServiceProcess(env);
    const listening = performance.now();
    await eventually(() => received.length === 2);
    expect(performance.now() - listening).to.be.lessThan(5_000);
    const [first, second] = await Promise.all(received.map(deliveredMail));
    expect(second).to.include({ messageId: first?.messageId, to: email, text: first?.text });
    const isOver = async (): Promise<boolean> => {
      const [row] = await query(
        database.url,
        "SELECT FROM outbox JOIN casegate_jobs.job ON data ->> 'outboxId' = outbox.uuid::text WHERE outcome = 'done' AND state = 'completed'",
      );
      return row !== undefined;
    };
    await eventually(isOver);
    const event = 'jobs of lost workers taken up again: 1';
    const told = next
      .log()
      .filter((line) => line['msg'] === 'jobs' && !String(line['event']).startsWith('audit'));
    expect(told.map((line) => line['event'])).to.deep.equal([event]);
    expect((await next.stop()).code).to.equal(0);
    expect(received).to.have.length(2);
  });
});
