import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

/** More cases than a vacation can meet one after the other. */
const CASES = 12;

describe('A physician who goes away', () => {
  let api: Api;
  let admin: Person;
  let patient: Person;
  before(async () => {
    api = await startApi();
    admin = await api.member('admin');
    patient = await api.patient();
  });
  after(() => api.stop());

  const patch = (path: string, as: Person, body: object) =>
    api.send('problem', `PATCH ${path}`, { as, body });
  /** The ways in which that comes about. */
  const departures: Readonly<Record<string, (person: PhysicianPerson) => ReturnType<typeof patch>>> = {
    'goes on vacation': (person) => patch('/physicians/me', person, { vacationMode: true }),
    'is sent on vacation': ({ physician }) =>
      patch(`/physicians/${physician.id}`, admin, { vacationMode: true }),
    'is disabled': ({ user }) => patch(`/users/${user.id}`, admin, { isActive: false }),
    'is given another role': ({ user }) => patch(`/users/${user.id}`, admin, { role: 'patient' }),
  };
  const submit = async (): Promise<string> => {
    const body = { language: 'en', question: 'Is it so?' };
    return (await api.get('case', 201, 'POST /cases', { as: patient, body })).case.id;
  };
  const act = (verb: string, id: string, as: Person) =>
    api.send('problem', `POST /cases/${id}/${verb}`, { as, body: {} });
  const held = async ({ physician }: PhysicianPerson) =>
    (await api.sql('SELECT uuid, state FROM cases WHERE physician_uuid = $1', [physician.id])).map(
      ({ uuid, state }) => ({ uuid, state }),
    );

  for (const [what, leave] of Object.entries(departures)) {
    it(`because he ${what} has given his cases back when that is answered, but for those he reviews`, async () => {
      const person = await aPhysician(api, { admin });
      const [first, review] = [await submit(), await submit()];
      for (const id of [first, review]) expect((await act('claim', id, person)).status).to.equal(200);
      expect((await act('start', review, person)).status).to.equal(200);
      expect((await leave(person)).status).to.equal(200);
      expect(await held(person)).to.deep.equal([{ uuid: review, state: 'in_review' }]);
      const { case: returned } = await api.get('case', 200, `GET /cases/${first}`, { as: patient });
      expect(returned).to.include({ state: 'queued', physicianId: null, version: 3 });
    });

    it(`because he ${what} is left with no case, however many he claims meanwhile`, async () => {
      const person = await aPhysician(api, { admin, maxOpenCases: 1000 });
      const cases: string[] = [];
      for (let count = 0; count < CASES; count += 1) cases.push(await submit());
      const half = cases.slice(0, CASES / 2);
      const [answers] = await Promise.all([
        Promise.all(cases.map((id) => act('claim', id, person))),
        // Once some are his, and others are on their way.
        eventually(async () => (await held(person)).length > 0, 5000).then(() => leave(person)),
      ]);
      expect(await held(person)).to.deep.equal([]);
      expect(answers.map(({ status }) => status)).to.satisfy((statuses: number[]) =>
        statuses.every((status) => [200, 401, 403].includes(status)),
      );
      for (const id of half) expect([401, 403]).to.include((await act('claim', id, person)).status);
      expect(await held(person)).to.deep.equal([]);
    });
  }

  it('can claim again as soon as his vacation is over, in a session that was open all the time', async () => {
    const person = await aPhysician(api, { admin });
    const id = await submit();
    expect((await patch('/physicians/me', person, { vacationMode: true })).status).to.equal(200);
    problemOf(await act('claim', id, person), 403, 'access.forbidden');
    expect((await patch('/physicians/me', person, { vacationMode: false })).status).to.equal(200);
    expect((await act('claim', id, person)).status).to.equal(200);
    expect(await held(person)).to.deep.equal([{ uuid: id, state: 'assigned' }]);
  });
});
