import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk, QUESTION } from '../../support/case-desk.ts';
import { caseInState } from '../../support/case-in-state.ts';
import { everyPage } from '../../support/every-page.ts';

const HOUR = 3_600_000;

describe('The life of a case', () => {
  let api: Api;
  let desk: CaseDesk;
  let patient: Person;
  let admin: Person;
  let physician: PhysicianPerson;
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
    [patient, admin] = [await api.patient(), await api.member('admin')];
    physician = await aPhysician(api, { admin, maxOpenCases: 1000 });
  });
  after(() => api.stop());

  describe('from submission to closure', () => {
    /** Each act of it, by whom, and the state after it. */
    const ACTS = [
      ['claim', 'physician', {}, 'assigned'],
      ['start', 'physician', {}, 'in_review'],
      ['ask-info', 'physician', { message: 'Which drugs?' }, 'info_requested'],
      ['reply', 'patient', { message: 'None at all.' }, 'in_review'],
      ['answer', 'physician', { answer: 'Wait a year.' }, 'answered'],
      ['amend', 'physician', { answer: 'Wait half a year.' }, 'answered'],
      ['follow-up', 'patient', { message: 'Is sport allowed?' }, 'in_review'],
      ['answer', 'physician', { answer: 'Walking is.' }, 'answered'],
      ['close', 'patient', {}, 'closed'],
    ] as const;
    const EVENTS = [
      ...['submitted', 'claimed', 'started', 'info-requested', 'replied'],
      ...['answered', 'amended', 'followed-up', 'answered', 'closed'],
    ];
    const TEXTS = [
      ['question', 'patient', QUESTION],
      ['info-request', 'physician', 'Which drugs?'],
      ['reply', 'patient', 'None at all.'],
      ['answer', 'physician', 'Wait a year.'],
      ['amendment', 'physician', 'Wait half a year.'],
      ['follow-up', 'patient', 'Is sport allowed?'],
      ['answer', 'physician', 'Walking is.'],
    ];
    let id: string;
    before(async () => {
      id = (await desk.submit(patient)).id;
      for (const [index, [verb, who, body, state]] of ACTS.entries()) {
        const person = { patient, physician }[who];
        const after = await desk.act(verb, id, person, body);
        const physicianId = physician.physician.id;
        expect(after, verb).to.deep.include({ id, state, version: index + 2, physicianId });
        expect(await desk.read(id, person), verb).to.deep.equal(after);
      }
    });

    it('is told whole to its patient and its physician, alike', async () => {
      const seen = await desk.read(id, patient);
      expect(seen).to.include({ state: 'closed', question: QUESTION, answer: 'Walking is.' });
      expect(seen.messages?.map(({ kind, authorRole, text }) => [kind, authorRole, text])).to.deep.equal(
        TEXTS,
      );
      expect(seen.reasons).to.deep.equal([]);
      expect(await desk.read(id, physician)).to.deep.equal(seen);
    });

    it('has no text for an admin, nor in any list', async () => {
      const seen = await desk.read(id, admin);
      expect(seen).to.not.have.any.keys('question', 'answer', 'messages', 'reasons');
      for (const as of [patient, physician, admin]) {
        const { items } = await api.get('cases', 200, 'GET /cases?limit=100', { as });
        expect(items.find((item) => item.id === id)).to.deep.equal(seen);
      }
    });

    it('is a chain of events, the newest first, without text', async () => {
      const events = (await desk.events(id, patient)).toReversed();
      expect(events.map(({ type }) => type)).to.deep.equal(EVENTS);
      expect(events.map(({ version }) => version)).to.deep.equal(EVENTS.map((_, index) => index + 1));
      expect(events.map(({ to }) => to)).to.deep.equal(['queued', ...ACTS.map(([, , , state]) => state)]);
      expect(events.map(({ from }) => from)).to.deep.equal([
        null,
        ...events.slice(0, -1).map(({ to }) => to),
      ]);
      const actors = ['patient', ...ACTS.map(([, who]) => who)];
      expect(events.map(({ actorRole }) => actorRole)).to.deep.equal(actors);
      for (const event of events) {
        expect(event).to.have.all.keys(
          ...['id', 'type', 'from', 'to', 'version', 'actorId', 'actorRole', 'at'],
        );
        const person = event.actorRole === 'patient' ? patient : physician;
        expect(event.actorId).to.equal(person.user.id);
      }
      for (const as of [physician, admin]) {
        expect(await desk.events(id, as)).to.deep.equal(events.toReversed());
      }
    });

    it('is in the audit trail, act by act, with who it was', async () => {
      const rows = await api.sql(
        "SELECT action, actor_id FROM audit_entries WHERE subject_id = $1 AND action <> 'cases.text-read' ORDER BY at, uuid",
        [id],
      );
      expect(rows.map(({ action }) => action)).to.deep.equal(EVENTS.map((type) => `cases.${type}`));
      const people = [patient, ...ACTS.map(([, who]) => ({ patient, physician })[who])];
      expect(rows.map((row) => row['actor_id'])).to.deep.equal(people.map(({ user }) => user.id));
    });

    it('is nowhere in the database in words', async () => {
      const texts = TEXTS.map(([, , text]) => text);
      for (const table of ['case_messages', 'case_events', 'audit_entries', 'rn_requests', 'outbox']) {
        const found = await api.sql(
          `SELECT 1 FROM ${table} AS kept CROSS JOIN unnest($1::text[]) AS words
           WHERE strpos(to_jsonb(kept)::text, words) > 0 OR strpos(to_jsonb(kept)::text, encode(words::bytea, 'hex')) > 0`,
          [texts],
        );
        expect(found, table).to.be.empty;
      }
    });
  });

  describe('with questions in between', () => {
    it('is due as much later as the patient took', async () => {
      const { id, dueAt } = await caseInState(api, desk, { patient, physician, admin }, 'info_requested');
      await api.sql("UPDATE cases SET state_since = state_since - interval '5 hours' WHERE uuid = $1", [id]);
      const replied = await desk.act('reply', id, patient);
      expect(replied.state).to.equal('in_review');
      const moved = Date.parse(replied.dueAt) - Date.parse(dueAt);
      expect(moved).to.be.within(5 * HOUR, 5 * HOUR + 60_000);
    });

    it('goes back to the queue at the reply where the physician is away, for others to take', async () => {
      const leaving = await aPhysician(api, { admin });
      const { id } = await caseInState(api, desk, { patient, physician: leaving, admin }, 'info_requested');
      await api.get('physician', 200, 'PATCH /physicians/me', { as: leaving, body: { vacationMode: true } });
      expect(await desk.act('reply', id, patient)).to.include({ state: 'queued', physicianId: null });
      expect(await desk.sees(id, leaving)).to.be.false;
      const taken = await desk.act('claim', id, physician);
      expect(taken.messages?.map(({ kind }) => kind)).to.deep.equal(['question', 'info-request', 'reply']);
    });
  });

  describe('with follow-ups', () => {
    it('takes two of them, each with the whole time of its priority, and no third: 409', async () => {
      const { id } = await caseInState(api, desk, { patient, physician, admin }, 'answered');
      for (const message of ['First?', 'Second?']) {
        const asked = await desk.act('follow-up', id, patient, { message });
        expect(asked).to.include({ state: 'in_review', physicianId: physician.physician.id });
        expect(Date.parse(asked.dueAt) - Date.parse(asked.updatedAt)).to.equal(72 * HOUR);
        await desk.act('answer', id, physician);
      }
      await desk.refused(409, 'cases.not-allowed-in-state', 'follow-up', id, patient);
      await desk.act('close', id, patient);
    });

    it('takes none after 14 days: 409', async () => {
      const { id } = await caseInState(api, desk, { patient, physician, admin }, 'answered');
      await api.sql(
        "UPDATE cases SET answered_at = now() - interval '14 days 1 minute', timer_at = NULL WHERE uuid = $1",
        [id],
      );
      await desk.refused(409, 'cases.not-allowed-in-state', 'follow-up', id, patient);
    });
  });

  describe('anonymous', () => {
    it('goes as far as an answer, and may be ended by an admin', async () => {
      const { id } = await desk.submit();
      for (const verb of ['claim', 'start']) await desk.act(verb, id, physician);
      const answered = await desk.act('answer', id, physician);
      expect(answered).to.include({ state: 'answered', patientId: null });
      expect(answered.messages?.[0]).to.include({ kind: 'question', authorRole: 'anonymous' });
      const other = await desk.submit();
      expect(await desk.act('cancel', other.id, admin)).to.include({ state: 'cancelled' });
    });
  });
});

describe('GET /cases/{id}/events', () => {
  let api: Api;
  let desk: CaseDesk;
  let patient: Person;
  let admin: Person;
  let physician: PhysicianPerson;
  let id: string;
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
    [patient, admin] = [await api.patient(), await api.member('admin')];
    physician = await aPhysician(api, { admin });
    id = (await caseInState(api, desk, { patient, physician, admin }, 'answered')).id;
  });
  after(() => api.stop());

  it('200 gives each event once, page by page', async () => {
    const path = `/cases/${id.toUpperCase()}/events?limit=1`;
    const seen = await everyPage((cursor) =>
      api.get('caseEvents', 200, `GET ${path}${cursor}`, { as: patient }),
    );
    expect(seen).to.have.length(4);
    expect(seen).to.deep.equal(await desk.events(id, patient));
  });

  it('422 for the cursor of another case, or of another list', async () => {
    const other = (await caseInState(api, desk, { patient, physician, admin }, 'assigned')).id;
    const { nextCursor } = await api.get('caseEvents', 200, `GET /cases/${id}/events?limit=1`, {
      as: patient,
    });
    for (const path of [`/cases/${other}/events`, '/cases']) {
      const answer = await api.send('problem', `GET ${path}?cursor=${nextCursor!}`, { as: patient });
      expect(answer.status).to.equal(422);
      expect(answer.body.errors?.[0]?.pointer).to.equal('/cursor');
    }
  });

  it('404 for what the caller may not see, or sees in the queue only', async () => {
    const { id: queued } = await desk.submit(patient);
    expect(await desk.sees(queued, physician)).to.be.true;
    const others = [await api.patient(), await aPhysician(api, { admin })];
    for (const [what, as] of [[queued, physician] as const, ...others.map((other) => [id, other] as const)]) {
      const answer = await api.send('problem', `GET /cases/${what}/events`, { as });
      expect(answer.status).to.equal(404);
    }
  });

  it('401 without a credential', async () => {
    expect((await api.send('problem', `GET /cases/${id}/events`)).status).to.equal(401);
  });
});
