import { expect } from 'chai';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { enrolApp } from '../../support/authenticator-app.ts';
import { problemOf } from '../../support/problem-of.ts';
import { beginSignIn } from '../../support/second-factor-client.ts';
import { eventually } from '../../support/eventually.ts';

const REASON = 'Lost his phone on the ferry, and the codes with it.';
const DAY_MS = 86_400_000;

describe('A reset of second factors by an admin', () => {
  let api: Api;
  let admin: Person;
  let person: Person;
  before(async () => {
    api = await startApi();
    admin = await api.member('admin');
  });
  after(() => api.stop());
  beforeEach(async () => {
    person = await api.patient();
    await enrolApp(api, person);
  });

  const request = (reason: unknown = REASON, id = person.user.id, as = admin): Promise<Answer<'problem'>> =>
    api.send('problem', `POST /users/${id}/mfa-reset`, { as, body: { reason } });
  const cancel = (token: string): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/mfa-reset/cancel', { body: { token } });
  const mailedToken = async (): Promise<string> =>
    (await api.mail.next('mfa-reset-requested', person.user.email)).token;

  it('202 is due in a day, and its owner is told at once, with what stops it', async () => {
    const sent = { as: admin, body: { reason: REASON } };
    const { reset } = await api.get('mfaReset', 202, `POST /users/${person.user.id}/mfa-reset`, sent);
    expect(reset).to.have.all.keys('id', 'requestedAt', 'dueAt');
    expect(Date.parse(reset.dueAt) - Date.parse(reset.requestedAt)).to.equal(DAY_MS);
    const { dueAt, token } = await api.mail.next('mfa-reset-requested', person.user.email);
    expect(dueAt).to.equal(reset.dueAt);
    expect(token).to.match(/^[\w-]{43}$/);
    await beginSignIn(api, person.user.email);
    await api.get('profile', 200, 'GET /auth/me', { as: person });
  });

  it('is stopped by its owner, once, who is told', async () => {
    await request();
    const token = await mailedToken();
    expect((await cancel(token)).status).to.equal(204);
    await api.mail.next('mfa-reset-cancelled', person.user.email);
    problemOf(await cancel(token), 400, 'access.token-invalid');
    await runDue();
    await beginSignIn(api, person.user.email);
    expect((await request()).status).to.equal(202);
  });

  it('takes the factors away when it is due, ends every session, and cannot be stopped any more', async () => {
    await request();
    const token = await mailedToken();
    await runDue();
    await api.mail.next('mfa-reset-completed', person.user.email);
    const isRefused = async () => (await api.send('problem', 'GET /auth/me', { as: person })).status === 401;
    await eventually(isRefused, 1000);
    await api.signIn(person.user.email);
    problemOf(await cancel(token), 400, 'access.token-invalid');
  });

  /** As if a day had passed: what waits for the day is looked at now. */
  async function runDue(): Promise<void> {
    await api.sql("UPDATE mfa_resets SET due_at = now() - interval '1 second'");
    await api.sql("UPDATE outbox SET due_at = now() - interval '1 second' WHERE topic = 'mfa-reset'");
    await api.sql(
      "UPDATE casegate_jobs.job SET start_after = now() WHERE name = 'mfa-reset' AND state < 'active'",
    );
    await api.sql("SELECT pg_notify('casegate_jobs', '')");
    await eventually(async () => {
      const waiting = await api.sql(
        "SELECT 1 FROM casegate_jobs.job WHERE name = 'mfa-reset' AND state <= 'active' AND start_after <= now()",
      );
      return waiting.length === 0;
    }, 3000);
  }

  it('409 access.mfa-reset-pending while one waits', async () => {
    await request();
    problemOf(await request(), 409, 'access.mfa-reset-pending');
    const answers = await Promise.all([request(), request()]);
    for (const answer of answers) problemOf(answer, 409, 'access.mfa-reset-pending');
  });

  it('422 without a reason, at the field', async () => {
    for (const reason of ['', '  \n', 'x'.repeat(1001)]) {
      const { errors } = problemOf(await request(reason), 422, 'access.reason-rejected');
      expect(errors?.[0]?.pointer).to.equal('/reason');
    }
    for (const reason of [null, 7, 'a\0b']) problemOf(await request(reason), 422, 'request.invalid');
    expect((await request('🦉'.repeat(1000))).status).to.equal(202);
  });

  it('404 for nobody, for what is no id, and for the account of another tenant', async () => {
    const elsewhere = await api.patient((await api.tenant()).slug);
    for (const id of ['01900000-0000-7000-8000-000000000000', 'nonsense', elsewhere.user.id]) {
      problemOf(await request(REASON, id), 404, 'request.not-found');
    }
  });

  it('401 without a credential, and 403 for patients and physicians', async () => {
    const path = `POST /users/${person.user.id}/mfa-reset`;
    const body = { reason: REASON };
    problemOf(await api.send('problem', path, { body }), 401, 'access.unauthenticated');
    for (const as of [person, await api.member('physician')]) {
      problemOf(await request(REASON, person.user.id, as), 403, 'access.forbidden');
    }
  });

  it('keeps the reason where nobody reads it in plain text', async () => {
    await request();
    const rows = await api.sql('SELECT 1 FROM mfa_resets WHERE position($1::bytea IN reason) > 0', [
      Buffer.from('ferry'),
    ]);
    expect(rows).to.deep.equal([]);
    const [told] = await api.sql(
      "SELECT count(*)::int AS count FROM audit_entries WHERE details::text LIKE '%ferry%'",
    );
    expect(told).to.deep.equal({ count: 0 });
  });
});
