import { expect } from 'chai';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { type PostgresFront, startPostgresFront } from '../support/postgres-front.ts';
import { CHEAP, endCasegateProcesses, newKeys, startServiceProcess } from '../support/service-process.ts';
import { type Answer, call, register } from './call.ts';

describe('A request that is kept by a process that is killed before it answers', () => {
  let database: TestDatabase;
  let front: PostgresFront;

  beforeEach(async () => {
    database = await freshDatabase();
    front = await startPostgresFront(database.url);
  });
  afterEach(async () => {
    await endCasegateProcesses();
    await front.close();
    await database.drop();
  });

  it('is not done again when it is repeated, and gets its answer from the next one', async () => {
    const env = { ...CHEAP, ...newKeys(), PUBLIC_URL: 'https://casegate.example.org' };
    const killed = await startServiceProcess({ ...env, DATABASE_URL: front.url });
    const { accessToken, id } = await register(killed.url);
    const submit = (url: string): Promise<Answer> =>
      call(url, 'POST /cases', {
        token: accessToken,
        headers: { 'idempotency-key': 'the-only-one' },
        body: { language: 'en', question: 'Is it so?' },
      });

    front.keepSilent();
    const lost = submit(killed.url).then(
      () => 'answered',
      () => 'lost',
    );
    const keptCases = () =>
      query(database.url, `SELECT uuid::text AS id FROM cases WHERE patient_uuid = '${id}'`);
    await eventually(async () => (await keptCases()).length === 1);
    await eventually(() => front.unheard() > 0);
    await killed.kill();
    expect(await lost).to.equal('lost');

    const next = await startServiceProcess({ ...env, DATABASE_URL: database.url });
    const [kept] = await keptCases();
    for (let times = 0; times < 2; times += 1) {
      const { body, status } = await submit(next.url);
      expect(status).to.equal(201);
      expect(body.case).to.include({ id: kept?.['id'], question: 'Is it so?' });
    }
    expect(await keptCases()).to.have.length(1);
    const submissions = "SELECT FROM audit_entries WHERE action = 'cases.submitted'";
    expect(await query(database.url, submissions)).to.have.length(1);
    expect((await next.stop()).code).to.equal(0);
  });
});
