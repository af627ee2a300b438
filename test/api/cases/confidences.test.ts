import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { caseInState } from '../../support/case-in-state.ts';

describe('What is said about a case', () => {
  let api: Api;
  let desk: CaseDesk;
  let admin: Person;
  let patient: Person;
  let one: PhysicianPerson;
  let other: PhysicianPerson;
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
    [admin, patient] = [await api.member('admin'), await api.patient()];
    [one, other] = [await aPhysician(api, { admin }), await aPhysician(api, { admin })];
  });
  after(() => api.stop());

  /** The reasons that somebody is told, oldest first. */
  const reasons = async (id: string, as: Person) =>
    (await desk.read(id, as)).reasons?.map(({ type, actorRole, text }) => [type, actorRole, text]);

  it('between physicians and admins is told to whoever has it next, and never to its patient', async () => {
    const { id } = await desk.submit(patient);
    await desk.act('assign', id, admin, { physicianId: one.physician.id, reason: 'He knows valves.' });
    await desk.act('release', id, one, { reason: 'I know the patient.' });
    await desk.act('claim', id, other);
    await desk.act('reassign', id, admin, { physicianId: one.physician.id, reason: 'Please all the same.' });
    expect(await reasons(id, one)).to.deep.equal([
      ['assigned', 'admin', 'He knows valves.'],
      ['released', 'physician', 'I know the patient.'],
      ['reassigned', 'admin', 'Please all the same.'],
    ]);
    expect(await reasons(id, patient)).to.deep.equal([]);
    expect(await reasons(id, admin)).to.be.undefined;
  });

  it('at its end is told to its patient', async () => {
    const declined = await caseInState(api, desk, { patient, physician: one, admin }, 'assigned');
    await desk.act('release', declined.id, one, { reason: 'Let others see it.' });
    await desk.act('claim', declined.id, one);
    const after = await desk.act('decline', declined.id, one, { reason: 'This needs an examination.' });
    expect(after).to.not.have.any.keys('question', 'messages', 'reasons');
    expect(await reasons(declined.id, patient)).to.deep.equal([
      ['declined', 'physician', 'This needs an examination.'],
    ]);
    const cancelled = await desk.submit(patient);
    await desk.act('cancel', cancelled.id, admin, { reason: 'It came twice.' });
    expect(await reasons(cancelled.id, patient)).to.deep.equal([['cancelled', 'admin', 'It came twice.']]);
    const own = await desk.submit(patient);
    const ended = await desk.act('cancel', own.id, patient, { reason: 'I feel better.' });
    expect(ended.reasons?.map(({ text }) => text)).to.deep.equal(['I feel better.']);
  });

  it('is told with the event that it belongs to', async () => {
    const { id } = await desk.submit(patient);
    await desk.act('cancel', id, patient);
    const [reason] = (await desk.read(id, patient)).reasons ?? [];
    const [event] = await desk.events(id, patient);
    expect(reason).to.include({ eventId: event!.id, type: event!.type, at: event!.at });
  });

  it('is gone for everybody but admins once it is void, and nothing of it is deleted', async () => {
    const { id } = await caseInState(api, desk, { patient, physician: one, admin }, 'answered');
    await desk.act('void', id, admin, { reason: 'Sent in the wrong name.' });
    for (const as of [patient, one]) {
      expect(await desk.sees(id, as)).to.be.false;
      const { items } = await api.get('cases', 200, 'GET /cases?limit=100', { as });
      expect(items.map((item) => item.id)).to.not.include(id);
      expect((await api.send('problem', `GET /cases/${id}/events`, { as })).status).to.equal(404);
    }
    expect(await desk.read(id, admin)).to.include({ state: 'void', physicianId: null });
    const [kept] = await api.sql('SELECT count(*)::int AS texts FROM case_messages WHERE case_uuid = $1', [
      id,
    ]);
    expect(kept).to.deep.equal({ texts: 2 });
  });

  it('is read by the physician who has it, and by none who had it', async () => {
    const { id } = await caseInState(api, desk, { patient, physician: one, admin }, 'in_review');
    expect(await desk.read(id, one)).to.have.property('question');
    await desk.act('release', id, one);
    await desk.act('claim', id, other);
    expect(await desk.sees(id, one)).to.be.false;
    expect(await desk.read(id, other)).to.have.property('question');
  });

  it('is in the audit trail each time that an act shows it', async () => {
    const { id } = await desk.submit(patient);
    await desk.act('claim', id, one);
    await desk.act('cancel', id, admin);
    const readings = await api.sql(
      "SELECT actor_id FROM audit_entries WHERE action = 'cases.text-read' AND subject_id = $1",
      [id],
    );
    expect(readings).to.deep.equal([{ actor_id: one.user.id }]);
  });
});
