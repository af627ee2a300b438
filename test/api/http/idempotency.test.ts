import { expect } from 'chai';
import type { ApiBodies } from '../../support/api-bodies.ts';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { withClient } from '../../support/legacy-service.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

const DAY_MS = 24 * 3_600_000;
const REUSED = 'request.idempotency-key-reused';
const IN_USE = 'request.idempotency-key-in-use';

let keys = 0;
/** A key that no other request of this run has. */
const newKey = (): string => `key-${String((keys += 1))}`;

const CASE = { language: 'en', question: 'Is it so?' };

describe('A repeated request', () => {
  let api: Api;
  let patient: Person;
  let admin: Person;
  let ahead = 0;

  before(async () => {
    const clock = { now: () => new Date(Date.now() + ahead) };
    api = await startApi({ TRUST_PROXY: 'loopback' }, { clock });
    patient = await api.patient();
    admin = await api.member('admin');
  });
  after(() => api.stop());

  interface Repeated {
    readonly key?: string;
    readonly body?: unknown;
    /** `null` sends no credential. */
    readonly as?: Person | null;
    readonly from?: string;
  }

  const send = <Kind extends keyof ApiBodies>(kind: Kind, request: string, given: Repeated) =>
    api.send(kind, request, {
      as: given.as ?? undefined,
      body: given.body,
      headers: {
        ...(given.key !== undefined && { 'Idempotency-Key': given.key }),
        ...(given.from !== undefined && { 'X-Forwarded-For': given.from }),
      },
    });
  const submit = ({ as = patient, body = CASE, ...given }: Repeated) =>
    send('case', 'POST /cases', { as, body, ...given });
  const refused = ({ as = patient, body = CASE, ...given }: Repeated) =>
    send('problem', 'POST /cases', { as, body, ...given });

  const countOf = async (text: string, parameters: readonly unknown[] = []): Promise<number> =>
    Number((await api.sql(`SELECT count(*) AS count FROM ${text}`, parameters))[0]?.['count']);
  const casesOf = ({ user }: Person): Promise<number> => countOf('cases WHERE patient_uuid = $1', [user.id]);

  describe('to submit a case', () => {
    it('gets the first answer, and does nothing more', async () => {
      const own = await api.patient();
      const key = newKey();
      const first = await submit({ as: own, key });
      expect(first.status).to.equal(201);
      for (const body of [CASE, { question: CASE.question, language: CASE.language }]) {
        const again = await submit({ as: own, key, body });
        expect(again.status).to.equal(201);
        expect(again.body).to.deep.equal(first.body);
        expect(again.headers.get('location')).to.equal(first.headers.get('location'));
      }
      expect(await casesOf(own)).to.equal(1);
      const submitted = "audit_entries WHERE action = 'cases.submitted' AND subject_id = $1";
      expect(await countOf(submitted, [first.body.case.id])).to.equal(1);
    });

    it('is done once of twenty at once: each gets the same case, or is told to come back', async () => {
      const own = await api.patient();
      const key = newKey();
      const answers = await Promise.all(Array.from({ length: 20 }, () => submit({ as: own, key })));
      const made = answers.filter(({ status }) => status === 201);
      expect(made).not.to.deep.equal([]);
      expect(new Set(made.map(({ body }) => body.case.id)).size).to.equal(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        problemOf(answer as unknown as Answer<'problem'>, 409, IN_USE);
        expect(answer.headers.get('retry-after')).to.equal('1');
      }
      expect(await casesOf(own)).to.equal(1);
      expect((await submit({ as: own, key })).body).to.deep.equal(made[0]?.body);
    });

    it('is told so while the first is under way, and gets its answer afterwards', async () => {
      const own = await api.patient();
      const key = newKey();
      const first = await withClient(api.databaseUrl, async (holder) => {
        await holder.query('BEGIN; LOCK TABLE audit_entries IN EXCLUSIVE MODE');
        const waiting = submit({ as: own, key });
        await eventually(
          async () => (await countOf("pg_locks WHERE locktype = 'advisory' AND granted")) > 0,
          5_000,
        );
        await eventually(async () => (await countOf('pg_locks WHERE NOT granted')) > 0, 5_000);
        const meanwhile = await refused({ as: own, key });
        problemOf(meanwhile, 409, IN_USE);
        expect(meanwhile.headers.get('retry-after')).to.equal('1');
        await holder.query('COMMIT');
        return waiting;
      });
      expect(first.status).to.equal(201);
      expect((await submit({ as: own, key })).body).to.deep.equal(first.body);
      expect(await casesOf(own)).to.equal(1);
    });

    it('of another content is refused, and leaves the first as it was', async () => {
      const own = await api.patient();
      const key = newKey();
      const first = await submit({ as: own, key });
      const others = [
        { ...CASE, question: 'Is it not?' },
        { ...CASE, priority: 'asap' },
      ];
      for (const body of others) problemOf(await refused({ as: own, key, body }), 422, REUSED);
      expect((await submit({ as: own, key })).body).to.deep.equal(first.body);
      expect(await casesOf(own)).to.equal(1);
    });

    it('with another key, or with none, is another request', async () => {
      const own = await api.patient();
      const sent = [{ key: newKey() }, { key: newKey() }, {}, {}];
      for (const given of sent) expect((await submit({ as: own, ...given })).status).to.equal(201);
      expect(await casesOf(own)).to.equal(sent.length);
    });

    it('of somebody else with the same key is his own', async () => {
      const key = newKey();
      const [one, other] = [await api.patient(), await api.patient()];
      const elsewhere = await api.patient((await api.tenant()).slug);
      const ids = new Set<string>();
      for (const as of [one, other, elsewhere, null]) ids.add((await submit({ as, key })).body.case.id);
      expect(ids.size).to.equal(4);
    });

    it('leaves the key free where it fails', async () => {
      const own = await api.patient();
      const key = newKey();
      problemOf(
        await refused({ as: own, key, body: { ...CASE, question: ' ' } }),
        422,
        'cases.text-rejected',
      );
      expect((await submit({ as: own, key })).status).to.equal(201);
    });

    it('with a header of another form is refused', async () => {
      for (const key of ['', 'two words', 'x'.repeat(256)]) {
        const { errors } = problemOf(await refused({ key }), 422, 'request.invalid');
        expect(errors?.map(({ pointer }) => pointer)).to.deep.equal(['/idempotency-key']);
      }
    });

    it('leaves neither the key nor the text in the database', async () => {
      const key = newKey();
      const { id } = (await submit({ key, body: { ...CASE, question: 'Nobody reads this' } })).body.case;
      const rows = await api.sql(
        'SELECT k::text AS told, * FROM idempotency_keys AS k WHERE resource_uuid = $1',
        [id],
      );
      expect(rows).to.have.length(1);
      const [row] = rows;
      expect(row).to.have.all.keys(
        ...['told', 'key_hash', 'tenant_uuid', 'fingerprint', 'resource_uuid', 'created_at', 'expires_at'],
      );
      expect(row?.['key_hash']).to.have.length(32);
      expect(row?.['fingerprint']).to.have.length(32);
      const hex = (text: string): string => Buffer.from(text).toString('hex');
      for (const text of [key, hex(key), hex('Nobody')]) expect(row?.['told']).not.to.contain(text);
    });
  });

  describe('to submit a case without a credential', () => {
    it('gets the same case and the same receipt', async () => {
      const given = { as: null, key: newKey(), from: '192.0.2.7' };
      const first = await submit(given);
      expect(first.status).to.equal(201);
      expect(first.body.receipt).to.match(/^[\w-]{43}$/);
      expect((await submit(given)).body).to.deep.equal(first.body);
      expect(await countOf('case_receipts WHERE case_uuid = $1', [first.body.case.id])).to.equal(1);
    });

    it('is told nothing of a case that has become somebody’s meanwhile', async () => {
      const given = { as: null, key: newKey(), from: '192.0.2.11' };
      const { id } = (await submit(given)).body.case;
      await api.sql('UPDATE cases SET patient_uuid = $1 WHERE uuid = $2', [patient.user.id, id]);
      expect(await submit(given)).to.deep.include({ status: 404 });
    });

    it('is told from those of other addresses, and not from those of its own IPv6 network', async () => {
      const key = newKey();
      const idFrom = async (from: string): Promise<string> =>
        (await submit({ as: null, key, from })).body.case.id;
      const first = await idFrom('2001:db8:7:7::1');
      expect(await idFrom('2001:db8:7:7:8000::2')).to.equal(first);
      expect(await idFrom('2001:db8:7:8::1')).not.to.equal(first);
      expect(await idFrom('192.0.2.8')).not.to.equal(await idFrom('192.0.2.9'));
    });

    it('counts for 24 hours, and is a new request from then on', async () => {
      const given = { as: null, key: newKey(), from: '192.0.2.10' };
      const { id } = (await submit(given)).body.case;
      try {
        ahead = DAY_MS - 60_000;
        expect((await submit(given)).body.case.id).to.equal(id);
        ahead = DAY_MS + 1_000;
        const other = await submit({ ...given, body: { ...CASE, question: 'Another one' } });
        expect(other.status).to.equal(201);
        expect(other.body.case.id).not.to.equal(id);
      } finally {
        ahead = 0;
      }
    });
  });

  describe('to make an account', () => {
    const newAccount = () => ({ email: newEmail(), role: 'physician', password: PASSWORD });
    const make = (key: string, body: unknown) => send('user', 'POST /users', { as: admin, key, body });

    it('gets the account as it is now, and neither a second one nor a second mail', async () => {
      const key = newKey();
      const body = { email: newEmail(), role: 'physician' };
      const first = await make(key, body);
      expect(first.status).to.equal(201);
      const mails = await countOf('outbox');
      expect(await make(key, body)).to.deep.include({ status: 201, body: first.body });
      const path = `/users/${first.body.user.id}`;
      await api.get('user', 200, `PATCH ${path}`, { as: admin, body: { isActive: false } });
      const later = await make(key, body);
      expect(later.status).to.equal(201);
      expect(later.body.user).to.deep.equal({ ...first.body.user, isActive: false });
      expect(later.headers.get('location')).to.equal(path);
      expect(await countOf('outbox')).to.equal(mails);
      expect(await countOf('users WHERE email = $1', [body.email])).to.equal(1);
    });

    it('is done once of twenty at once', async () => {
      const key = newKey();
      const body = newAccount();
      const answers = await Promise.all(Array.from({ length: 20 }, () => make(key, body)));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([201, 409]).to.include.members([...statuses]);
      for (const answer of answers.filter(({ status }) => status === 409)) {
        problemOf(answer as unknown as Answer<'problem'>, 409, IN_USE);
      }
      expect(await countOf('users WHERE email = $1', [body.email])).to.equal(1);
    });

    it('with another password is refused', async () => {
      const key = newKey();
      const body = newAccount();
      expect((await make(key, body)).status).to.equal(201);
      const other = { ...body, password: `${PASSWORD}s` };
      problemOf(await send('problem', 'POST /users', { as: admin, key, body: other }), 422, REUSED);
    });

    it('of an address that is taken leaves the key free, and a tenant may be made by it', async () => {
      const key = newKey();
      const taken = { ...newAccount(), email: patient.user.email };
      const answer = await send('problem', 'POST /users', { as: admin, key, body: taken });
      problemOf(answer, 409, 'identity.email-taken');
      expect((await make(key, newAccount())).status).to.equal(201);
      const tenant = { slug: `by-${key}`, name: 'A tenant' };
      const made = await send('tenant', 'POST /tenants', { as: admin, key, body: tenant });
      expect(made.status).to.equal(201);
      const again = await send('tenant', 'POST /tenants', { as: admin, key, body: tenant });
      expect(again.body).to.deep.equal(made.body);
      expect(await countOf('tenants WHERE slug = $1', [tenant.slug])).to.equal(1);
      const other = { ...tenant, name: 'Another name' };
      problemOf(await send('problem', 'POST /tenants', { as: admin, key, body: other }), 422, REUSED);
    });
  });
});
