import { expect } from 'chai';
import { aPhysician } from '../../support/a-physician.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk, QUESTION } from '../../support/case-desk.ts';
import { problemOf } from '../../support/problem-of.ts';

const DAY = 24 * 3_600_000;
const CASE = { language: 'en', question: QUESTION };

describe('Receipts of anonymous cases', () => {
  let api: Api;
  let desk: CaseDesk;
  let patient: Person;
  let ahead = 0;
  before(async () => {
    api = await startApi({}, { clock: { now: () => new Date(Date.now() + ahead) } });
    desk = caseDesk(api);
    patient = await api.patient();
  });
  beforeEach(() => {
    ahead = 0;
  });
  after(() => api.stop());

  const submit = async () => {
    const { case: made, receipt = '' } = await api.get('case', 201, 'POST /cases', { body: CASE });
    return { id: made.id, receipt };
  };
  const show = (receipt: string) => api.get('receipt', 200, 'POST /cases/receipts', { body: { receipt } });
  const refusedReceipt = async (receipt: string) =>
    problemOf(
      await api.send('problem', 'POST /cases/receipts', { body: { receipt } }),
      404,
      'cases.receipt-unknown',
    );
  const adopt = async (receipts: readonly string[], as = patient) =>
    (await api.get('adopted', 200, 'POST /cases/adopt', { as, body: { receipts } })).adopted;

  describe('POST /cases/receipts', () => {
    it('200 the state and whether it is answered, without an account', async () => {
      const { id, receipt } = await submit();
      expect(await show(receipt)).to.deep.equal({ state: 'queued', answered: false });
      const physician = await aPhysician(api);
      for (const verb of ['claim', 'start', 'answer']) await desk.act(verb, id, physician);
      expect(await show(receipt)).to.deep.equal({ state: 'answered', answered: true });
      const body = { receipt };
      const { headers } = await api.send('receipt', 'POST /cases/receipts', { body, as: patient });
      expect(headers.get('cache-control')).to.equal('no-store');
    });

    it('404 for what was never given out, was adopted, or is older than 24 hours', async () => {
      const [old, adopted] = [await submit(), await submit()];
      await adopt([adopted.receipt]);
      const unknown = await refusedReceipt('nonsense');
      expect(unknown.detail).to.equal((await refusedReceipt(adopted.receipt)).detail);
      ahead = DAY;
      await refusedReceipt(old.receipt);
    });

    it('422 for what cannot be a receipt', async () => {
      for (const body of [
        {},
        { receipt: '' },
        { receipt: 7 },
        { receipt: 'x'.repeat(101) },
        { receipt: '\0' },
      ]) {
        problemOf(await api.send('problem', 'POST /cases/receipts', { body }), 422, 'request.invalid');
      }
    });
  });

  describe('POST /cases/adopt', () => {
    it('200 the cases that are his now, with their texts', async () => {
      const [one, two] = [await submit(), await submit()];
      const adopted = await adopt([one.receipt, 'nonsense', two.receipt]);
      expect(adopted).to.have.members([one.id, two.id]);
      for (const { id } of [one, two]) {
        expect(await desk.read(id, patient)).to.include({ question: QUESTION, patientId: patient.user.id });
      }
      const [event] = await desk.events(one.id, patient);
      expect(event).to.include({ type: 'adopted', actorId: patient.user.id, version: 2 });
      expect(await adopt([one.receipt, two.receipt])).to.deep.equal([]);
    });

    it('tells the legacy service whose they are', async () => {
      const { id, receipt } = await submit();
      await adopt([receipt]);
      const rows = await api.sql('SELECT user_uuid FROM rn_requests WHERE uuid = $1', [id]);
      expect(rows).to.deep.equal([{ user_uuid: patient.user.id }]);
    });

    it('200 to one of ten patients at once, and to the others without a case', async () => {
      const { id, receipt } = await submit();
      const people = await Promise.all(Array.from({ length: 10 }, () => api.patient()));
      const adopted = await Promise.all(people.map((person) => adopt([receipt], person)));
      expect(adopted.flat()).to.deep.equal([id]);
      const winner = people[adopted.findIndex((ids) => ids.length > 0)]!;
      expect(await desk.read(id, winner)).to.include({ version: 2, patientId: winner.user.id });
      const entries = await api.sql(
        "SELECT actor_id FROM audit_entries WHERE action = 'cases.adopted' AND subject_id = $1",
        [id],
      );
      expect(entries).to.deep.equal([{ actor_id: winner.user.id }]);
    });

    it('200 nothing in another tenant, nor after 24 hours', async () => {
      const { receipt } = await submit();
      const stranger = await api.patient((await api.tenant()).slug);
      expect(await adopt([receipt], stranger)).to.deep.equal([]);
      ahead = DAY;
      const later = await api.signIn(patient.user.email);
      expect(await adopt([receipt], later)).to.deep.equal([]);
    });

    it('401 and 403 for everybody but patients', async () => {
      const { receipt } = await submit();
      const attempt = (as?: Person) =>
        api.send('problem', 'POST /cases/adopt', { as, body: { receipts: [receipt] } });
      problemOf(await attempt(), 401, 'access.unauthenticated');
      for (const role of ['physician', 'admin'] as const) {
        problemOf(await attempt(await api.member(role)), 403, 'access.forbidden');
      }
      expect(await show(receipt)).to.include({ state: 'queued' });
    });

    it('422 for more than twenty at once, or what is no list of them', async () => {
      const many = Array.from({ length: 21 }, () => 'nonsense');
      for (const body of [{}, { receipts: 'nonsense' }, { receipts: [''] }, { receipts: many }]) {
        const sent = { as: patient, body };
        problemOf(await api.send('problem', 'POST /cases/adopt', sent), 422, 'request.invalid');
      }
      expect(await adopt(many.slice(1))).to.deep.equal([]);
    });
  });
});

describe('Receipts where anonymous cases are off', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ ANONYMOUS_CASES: 'off' });
  });
  after(() => api.stop());

  it('are given out to nobody, and none counts', async () => {
    problemOf(await api.send('problem', 'POST /cases', { body: CASE }), 401, 'access.unauthenticated');
    const body = { receipt: 'nonsense' };
    problemOf(await api.send('problem', 'POST /cases/receipts', { body }), 404, 'cases.receipt-unknown');
    const sent = { as: await api.patient(), body: { receipts: ['nonsense'] } };
    expect(await api.get('adopted', 200, 'POST /cases/adopt', sent)).to.deep.equal({ adopted: [] });
    expect(await api.sql('SELECT FROM case_receipts')).to.deep.equal([]);
  });
});
