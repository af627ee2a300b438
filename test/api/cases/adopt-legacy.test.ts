import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import type { CaseAnswer } from '../../support/api-bodies.ts';
import type { Api, Person } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { type GivenRequest, type LegacyCaseDesk, legacyCaseDesk } from '../../support/legacy-case-desk.ts';
import { problemOf } from '../../support/problem-of.ts';

const ASKED = 'Should it be removed?';
const CREATED = '2025-02-03T04:05:06.789Z';
const ROW = { vendor_id: 'NORTH', language: 'en', question: ASKED, status: 'new', created_at: CREATED };

describe('POST /cases/{id}/adopt-legacy', () => {
  let legacy: LegacyCaseDesk;
  let api: Api;
  let desk: CaseDesk;
  let patient: Person;
  let admin: Person;
  let physician: PhysicianPerson;

  before(async () => {
    legacy = await legacyCaseDesk();
    api = legacy.api;
    desk = caseDesk(api);
    [patient, admin] = [await api.patient('north'), await api.member('admin', 'north')];
    physician = await aPhysician(api, { privatePool: 'northern', languages: ['en'] });
  });
  after(() => legacy.stop());

  const plant = (row: GivenRequest = {}, owner: Person | undefined = patient) =>
    legacy.write({ ...ROW, ...row }, owner);
  const attempt = (id: string, as: Person | undefined, body?: unknown) =>
    api.send('problem', `POST /cases/${id}/adopt-legacy`, { as, ...(body !== undefined && { body }) });
  const adopt = async (id: string, body?: object): Promise<CaseAnswer> =>
    (await api.get('case', 200, `POST /cases/${id}/adopt-legacy`, { as: admin, ...(body && { body }) })).case;
  const rowOf = async (id: string) => (await api.sql('SELECT * FROM rn_requests WHERE uuid = $1', [id]))[0];

  it('200 the case, queued and due from now on, as old as it is, without its text', async () => {
    const id = await plant();
    const [before, from] = [await rowOf(id), Date.now()];
    const made = await adopt(id);
    expect(made).to.deep.include({
      ...{ id, state: 'queued', source: 'casegate', version: 2, language: 'en', priority: 'routine' },
      ...{ specialty: null, patientId: patient.user.id, physicianId: null, pool: 'northern' },
      ...{ tenantId: patient.user.tenantId, vendorId: 'north', flags: [], createdAt: CREATED },
    });
    expect(made).to.not.have.any.keys('legacyStatus', 'question', 'messages');
    const dueIn = Date.parse(made.dueAt) - Date.parse(made.updatedAt);
    expect([dueIn, Date.parse(made.updatedAt) >= from]).to.deep.equal([72 * 3_600_000, true]);
    expect(await rowOf(id)).to.deep.equal(before);
  });

  it('makes it a case like any other: it is asked, taken, answered and read', async () => {
    const id = await plant();
    await adopt(id, { priority: 'urgent', specialty: 'cardiology' });
    expect(await desk.read(id, patient)).to.deep.include({
      question: ASKED,
      state: 'queued',
      priority: 'urgent',
    });
    const waiting = (await desk.queue(physician)).find((item) => item.id === id);
    expect(waiting).to.include({ specialty: 'cardiology', patientId: null });
    await desk.act('claim', id, physician);
    expect(await desk.read(id, physician)).to.include({ question: ASKED });
    await desk.act('start', id, physician);
    await desk.act('answer', id, physician);
    expect(await desk.read(id, patient)).to.include({ state: 'answered', source: 'casegate', version: 5 });
    expect((await legacy.list(patient)).filter((item) => item.id === id)).to.have.length(1);
  });

  it('is told by its events and by the audit trail, in which the text is not', async () => {
    const id = await plant();
    await adopt(id);
    const [event, ...others] = await desk.events(id, patient);
    expect(others).to.deep.equal([]);
    expect(event).to.deep.include({
      ...{ type: 'adopted-legacy', from: 'legacy', to: 'queued', version: 2 },
      ...{ actorId: admin.user.id, actorRole: 'admin' },
    });
    const entries = await api.sql(
      'SELECT actor_id, action, details FROM audit_entries WHERE subject_id = $1 ORDER BY at',
      [id],
    );
    expect(entries).to.deep.equal([
      {
        actor_id: admin.user.id,
        action: 'cases.adopted-legacy',
        details: { from: 'legacy', to: 'queued', version: 2 },
      },
    ]);
    const [text] = await api.sql('SELECT body FROM case_messages WHERE case_uuid = $1', [id]);
    expect(String(text!['body'])).not.to.contain(ASKED);
  });

  it('200 in the language that is told, else the row’s, else that of the account, else in none', async () => {
    const told = await adopt(await plant({ language: 'ru' }), { language: 'IW' });
    expect(told).to.deep.include({ language: 'he', flags: ['no-candidate'] });
    expect(await adopt(await plant({ language: 'RU' }))).to.include({ language: 'ru' });
    await api.send('nothing', 'PATCH /auth/me', { as: patient, body: { language: 'ar' } });
    expect(await adopt(await plant({ language: '?' }))).to.include({ language: 'ar' });
    const nobodys = await legacy.write({ vendor_id: 'north', question: ASKED });
    expect(await adopt(nobodys)).to.deep.include({
      language: 'und',
      flags: ['no-candidate'],
      patientId: null,
    });
  });

  it('keeps a case of somebody without an account, which is no anonymous one', async () => {
    const id = await legacy.write({ ...ROW });
    expect(await adopt(id)).to.include({ patientId: null, state: 'queued' });
    await desk.act('claim', id, physician);
    expect(await desk.read(id, physician)).to.include({ question: ASKED });
    const [timer] = await api.sql('SELECT timer_at > now() AS later FROM cases WHERE uuid = $1', [id]);
    expect(timer).to.deep.equal({ later: true });
  });

  it('200 without a text where the row has none', async () => {
    for (const question of ['', ' \n']) {
      const id = await plant({ question });
      await adopt(id);
      expect(await desk.read(id, patient)).to.deep.include({ question: '', messages: [] });
    }
  });

  it('409 for a text that no case can hold, of which nothing is lost', async () => {
    const longest = await plant({ question: '😀'.repeat(20_000) });
    await adopt(longest);
    expect((await desk.read(longest, patient)).question).to.equal('😀'.repeat(20_000));
    const question = 'a'.repeat(20_001);
    const id = await plant({ question });
    problemOf(await attempt(id, admin), 409, 'cases.legacy-question-too-long');
    expect(await desk.read(id, patient)).to.include({ question, state: 'legacy' });
  });

  it('409 where it has a workflow, also for all but one of ten at once', async () => {
    const id = await plant();
    const answers = await Promise.all(Array.from({ length: 10 }, () => attempt(id, admin)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      problemOf(answer, 409, 'cases.not-allowed-in-state');
    }
    problemOf(await attempt(id, admin), 409, 'cases.not-allowed-in-state');
    const { id: own } = await desk.submit(patient);
    problemOf(await attempt(own, admin), 409, 'cases.not-allowed-in-state');
    const counted = await api.sql(
      `SELECT (SELECT count(*) FROM case_events WHERE case_uuid = $1)::integer AS events,
        (SELECT count(*) FROM case_messages WHERE case_uuid = $1)::integer AS messages`,
      [id],
    );
    expect(counted).to.deep.equal([{ events: 1, messages: 1 }]);
  });

  it('409 for one whose patient has his account elsewhere, who goes on seeing it', async () => {
    const stranger = await api.patient('south');
    const id = await plant({}, stranger);
    problemOf(await attempt(id, admin), 409, 'cases.conflict');
    expect(await desk.read(id, stranger)).to.include({ state: 'legacy' });
  });

  it('401, 403 and 404 for everybody else, and where there is none', async () => {
    const id = await plant();
    problemOf(await attempt(id, undefined), 401, 'access.unauthenticated');
    for (const other of [patient, physician]) {
      problemOf(await attempt(id, other), 403, 'access.forbidden');
    }
    for (const other of [await api.member('admin', 'south'), await api.member('admin')]) {
      problemOf(await attempt(id, other), 404, 'request.not-found');
    }
    problemOf(await attempt(randomUUID(), admin), 404, 'request.not-found');
    expect(await desk.read(id, patient)).to.include({ state: 'legacy' });
  });

  it('422 at the field that does not do', async () => {
    const id = await plant();
    for (const [body, pointer] of [
      [{ language: 'not one' }, '/language'],
      [{ priority: 'soon' }, '/priority'],
      [{ specialty: '' }, '/specialty'],
      [{ question: 'Another?' }, '/question'],
    ] as const) {
      const { errors } = problemOf(await attempt(id, admin, body), 422, 'request.invalid');
      expect(errors?.map((error) => error.pointer)).to.deep.equal([pointer]);
    }
    expect(await desk.read(id, patient)).to.include({ state: 'legacy' });
  });
});
