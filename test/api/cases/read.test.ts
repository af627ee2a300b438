import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { aPhysician } from '../../support/a-physician.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

const QUESTION = 'Should the valve be replaced?';

describe('GET /cases/{id}', () => {
  let api: Api;
  let patient: Person;
  let caseId: string;
  before(async () => {
    api = await startApi();
    patient = await api.patient();
    caseId = await submit(patient);
  });
  after(() => api.stop());

  const submit = async (as: Person): Promise<string> =>
    (await api.get('case', 201, 'POST /cases', { as, body: { language: 'en', question: QUESTION } })).case.id;
  const read = async (as: Person, id = caseId) =>
    (await api.get('case', 200, `GET /cases/${id}`, { as })).case;
  const isHidden = async (as: Person, id = caseId): Promise<void> => {
    problemOf(await api.send('problem', `GET /cases/${id}`, { as }), 404, 'request.not-found');
  };

  /** A physician who has the case. */
  async function assignee(id: string): Promise<Person> {
    const physician = await aPhysician(api);
    await api.get('case', 200, `POST /cases/${id}/claim`, { as: physician });
    return physician;
  }

  it('200 with its text for its patient', async () => {
    expect(await read(patient)).to.include({ id: caseId, question: QUESTION, answer: null });
    expect(await read(patient, caseId.toUpperCase())).to.include({ id: caseId });
  });

  it('200 with its text for the physician who has it, and 404 for every other', async () => {
    const id = await submit(patient);
    await isHidden(await api.member('physician'), id);
    const physician = await assignee(id);
    expect(await read(physician, id)).to.include({ state: 'assigned', question: QUESTION });
    await isHidden(await aPhysician(api), id);
  });

  it('200 without its text for an admin of the tenant', async () => {
    const seen = await read(await api.member('admin'));
    expect(seen).to.include({ id: caseId, patientId: patient.user.id });
    expect(seen).to.not.have.any.keys('question', 'answer', 'messages', 'reasons');
  });

  it('404 for every other patient, for what never was, and for what is no id', async () => {
    await isHidden(await api.patient());
    for (const id of [randomUUID(), '1', `${caseId}x`, 'null', caseId.slice(0, -1)]) {
      await isHidden(patient, id);
    }
  });

  it('401 without a credential', async () => {
    problemOf(await api.send('problem', `GET /cases/${caseId}`), 401, 'access.unauthenticated');
  });

  it('is written in the audit trail each time that the text is read, and not where it is not', async () => {
    const id = await submit(patient);
    const readings = () =>
      api.sql(
        "SELECT actor_id, subject_type FROM audit_entries WHERE action = 'cases.text-read' AND subject_id = $1 ORDER BY at",
        [id],
      );
    await read(await api.member('admin'), id);
    await isHidden(await api.patient(), id);
    expect(await readings()).to.be.empty;
    await read(patient, id);
    const physician = await assignee(id);
    await read(physician, id);
    expect(await readings()).to.deep.equal([
      { actor_id: patient.user.id, subject_type: 'case' },
      // The answer to his claim has the text as well.
      { actor_id: physician.user.id, subject_type: 'case' },
      { actor_id: physician.user.id, subject_type: 'case' },
    ]);
  });

  it('does not give a text that was moved to another case in the database, or changed', async () => {
    const [one, other] = [await submit(patient), await submit(patient)];
    await api.sql(
      'UPDATE case_messages AS m SET body = o.body FROM case_messages AS o WHERE m.case_uuid = $1 AND o.case_uuid = $2',
      [one, other],
    );
    problemOf(await api.send('problem', `GET /cases/${one}`, { as: patient }), 500, 'request.internal');
    await api.sql(
      'UPDATE case_messages SET body = set_byte(body, octet_length(body) - 1, get_byte(body, octet_length(body) - 1) # 1) WHERE case_uuid = $1',
      [other],
    );
    problemOf(await api.send('problem', `GET /cases/${other}`, { as: patient }), 500, 'request.internal');
  });
});
