import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import type { CaseAnswer, TenantAnswer } from '../../support/api-bodies.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { manyPhysicians } from '../../support/many-physicians.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('Who may take which case', () => {
  let api: Api;
  let desk: CaseDesk;
  let admin: Person;
  let patient: Person;
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
    [admin, patient] = [await api.member('admin'), await api.patient()];
  });
  after(() => api.stop());

  const isInQueueOf = async (as: Person, { id }: CaseAnswer): Promise<boolean> =>
    (await desk.queue(as)).some((item) => item.id === id);
  /** That he sees the case in his queue and may take it; he gives it back. */
  const mayTake = async (person: Person, made: CaseAnswer): Promise<void> => {
    expect(await isInQueueOf(person, made)).to.be.true;
    expect(await desk.sees(made.id, person)).to.be.true;
    await desk.act('claim', made.id, person);
    await desk.act('release', made.id, person);
  };
  /** That he does not see it anywhere, and is refused it. */
  const mayNotTake = async (person: Person, made: CaseAnswer, status: 403 | 404 = 403): Promise<void> => {
    expect(await isInQueueOf(person, made)).to.be.false;
    expect(await desk.sees(made.id, person)).to.be.false;
    const code = status === 403 ? 'access.forbidden' : 'request.not-found';
    await desk.refused(status, code, 'claim', made.id, person);
  };

  it('gives a case to one of sixty physicians who claim it at once; the others get 409', async function () {
    this.timeout(30_000);
    const sixty = await manyPhysicians(api, 60);
    const { id } = await desk.submit(patient);
    const answers = await Promise.all(sixty.map((person) => desk.attempt('claim', id, person)));
    const lost = answers.filter(({ status }) => status !== 200);
    expect(lost).to.have.length(59);
    for (const answer of lost) problemOf(answer, 409, 'cases.conflict');
    const winner = sixty[answers.findIndex(({ status }) => status === 200)]!;
    expect(await desk.read(id, winner)).to.include({ state: 'assigned', version: 2 });
    expect((await desk.events(id, admin)).map(({ type }) => type)).to.deep.equal(['claimed', 'submitted']);
    expect(await api.sql('SELECT FROM assignments WHERE case_uuid = $1', [id])).to.have.length(1);
  });

  describe('by language', () => {
    it('takes one of his own, a regional one of a broader tag included, and no other', async () => {
      const person = await aPhysician(api, { admin, languages: ['he', 'pt-BR'] });
      for (const language of ['en', 'en-GB', 'iw', 'pt-BR']) {
        await mayTake(person, await desk.submit(patient, { language }));
      }
      for (const language of ['fr', 'pt', 'pt-PT']) {
        await mayNotTake(person, await desk.submit(patient, { language }));
      }
    });

    it('waits with a flag where nobody is there who could take it', async () => {
      const alone = await desk.submit(patient, { language: 'ka' });
      expect(alone).to.deep.include({ state: 'queued', flags: ['no-candidate'] });
      const person = await aPhysician(api, { admin, languagePreference: 'ka' });
      expect(await desk.submit(patient, { language: 'ka' })).to.deep.include({ flags: [] });
      expect(await desk.act('claim', alone.id, person)).to.deep.include({ flags: [] });
    });
  });

  it('takes no more than his limit, whatever an admin gives him beyond it', async () => {
    const person = await aPhysician(api, { admin, maxOpenCases: 2 });
    const physicianId = person.physician.id;
    const [first, second, third, fourth] = await Promise.all(
      Array.from({ length: 4 }, () => desk.submit(patient)),
    );
    for (const made of [first!, second!]) await desk.act('claim', made.id, person);
    expect(await desk.queue(person)).to.be.empty;
    await desk.refused(403, 'access.forbidden', 'claim', third!.id, person);
    await desk.act('assign', third!.id, admin, { physicianId });
    for (const made of [first!, second!]) {
      await desk.act('start', made.id, person);
      await desk.refused(403, 'access.forbidden', 'claim', fourth!.id, person);
      await desk.act('answer', made.id, person);
    }
    await desk.act('claim', fourth!.id, person);
  });

  it('takes no more than his limit of cases that he claims at once', async () => {
    const person = await aPhysician(api, { admin, maxOpenCases: 3 });
    const cases = await Promise.all(Array.from({ length: 12 }, () => desk.submit(patient)));
    const answers = await Promise.all(cases.map(({ id }) => desk.attempt('claim', id, person)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(3);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      problemOf(answer, 403, 'access.forbidden');
    }
  });

  it('takes none on vacation: his queue is empty, and what he claims is 403', async () => {
    const person = await aPhysician(api, { admin });
    const made = await desk.submit(patient);
    await mayTake(person, made);
    const vacation = (vacationMode: boolean) =>
      api.get('physician', 200, 'PATCH /physicians/me', { as: person, body: { vacationMode } });
    await vacation(true);
    expect(await desk.queue(person)).to.be.empty;
    await mayNotTake(person, made);
    const refused = { physicianId: person.physician.id };
    await desk.refused(409, 'cases.physician-not-eligible', 'assign', made.id, admin, refused);
    await vacation(false);
    await mayTake(person, made);
  });

  it('takes none without being one: an account of the role alone is 403', async () => {
    const account = await api.member('physician');
    const made = await desk.submit(patient);
    expect(await desk.queue(account)).to.be.empty;
    await mayNotTake(account, made);
  });

  describe('by pool, closed both ways', () => {
    let north: TenantAnswer;
    let northern: Person;
    let shared: PhysicianPerson;
    let inPool: PhysicianPerson;
    before(async () => {
      north = await api.tenant({ privatePool: 'north' });
      northern = await api.patient(north.slug);
      shared = await aPhysician(api, { admin });
      inPool = await aPhysician(api, { admin, privatePool: 'north' });
    });

    it('lets physicians of the pool take its cases, and nobody else', async () => {
      const made = await desk.submit(northern);
      expect(made).to.deep.include({ pool: 'north', flags: [] });
      await mayTake(inPool, made);
      await mayNotTake(shared, made);
      await mayNotTake(await aPhysician(api, { admin, privatePool: 'south' }), made);
    });

    it('lets physicians of a pool take no other cases', async () => {
      const open = await desk.submit(patient);
      await mayTake(shared, open);
      await mayNotTake(inPool, open);
    });

    it('holds for admins too: 409', async () => {
      const made = await desk.submit(northern);
      const northAdmin = await api.member('admin', north.slug);
      const give = (to: PhysicianPerson) =>
        ['assign', made.id, northAdmin, { physicianId: to.physician.id }] as const;
      await desk.refused(409, 'cases.physician-not-eligible', ...give(shared));
      await desk.act(...give(inPool));
    });

    it('opens a case that has overflowed to the shared physicians, and not to other pools', async () => {
      const made = await desk.submit(northern);
      await api.sql("UPDATE cases SET flags = '{unclaimed,overflow}' WHERE uuid = $1", [made.id]);
      await mayTake(inPool, made);
      await mayTake(shared, made);
      await mayNotTake(await aPhysician(api, { admin, privatePool: 'south' }), made);
    });
  });

  describe('across tenants', () => {
    let south: TenantAnswer;
    let southern: Person;
    let southAdmin: Person;
    let own: PhysicianPerson;
    let ofPractice: PhysicianPerson;
    before(async () => {
      south = await api.tenant();
      southern = await api.patient(south.slug);
      southAdmin = await api.member('admin', south.slug);
      own = await aPhysician(api, { tenant: south.slug, admin: southAdmin });
      ofPractice = await aPhysician(api, { admin });
    });

    it('a physician of the practice serves the case of another organisation to its end', async () => {
      const made = await desk.submit(southern);
      await desk.act('claim', made.id, ofPractice);
      await desk.act('start', made.id, ofPractice);
      await desk.act('ask-info', made.id, ofPractice);
      await desk.act('reply', made.id, southern);
      const answered = await desk.act('answer', made.id, ofPractice);
      expect(answered).to.include({ tenantId: south.id, physicianId: ofPractice.physician.id });
      expect(await desk.read(made.id, southern)).to.include({ state: 'answered', answer: 'Not yet.' });
      const { items } = await api.get('cases', 200, 'GET /cases', { as: ofPractice });
      expect(items.map(({ id, tenantId }) => ({ id, tenantId }))).to.deep.include({
        id: made.id,
        tenantId: south.id,
      });
      const [row] = await api.sql('SELECT * FROM assignments WHERE case_uuid = $1', [made.id]);
      expect(row).to.include({ tenant_uuid: south.id, physician_tenant_uuid: ofPractice.user.tenantId });
      const trail = await api.sql('SELECT DISTINCT tenant_uuid FROM audit_entries WHERE subject_id = $1', [
        made.id,
      ]);
      expect(trail).to.deep.equal([{ tenant_uuid: south.id }]);
    });

    it('an organisation’s own physician serves its cases, and none of any other: 404', async () => {
      await mayTake(own, await desk.submit(southern));
      await mayNotTake(own, await desk.submit(patient), 404);
      const { slug } = await api.tenant();
      await mayNotTake(own, await desk.submit(await api.patient(slug)), 404);
    });

    it('an admin gives cases of his own organisation to its physicians and to those of the practice only', async () => {
      const stranger = await aPhysician(api, { tenant: (await api.tenant()).slug });
      for (const { physician } of [own, ofPractice]) {
        const made = await desk.submit(southern);
        const given = await desk.act('assign', made.id, southAdmin, { physicianId: physician.id });
        expect(given).to.include({ state: 'assigned', physicianId: physician.id });
      }
      const made = await desk.submit(southern);
      const physicianId = stranger.physician.id;
      await desk.refused(404, 'request.not-found', 'assign', made.id, southAdmin, { physicianId });
      const ours = { physicianId: ofPractice.physician.id };
      await desk.refused(404, 'request.not-found', 'assign', made.id, admin, ours);
    });

    it('an admin of the practice sees nothing of it', async () => {
      const made = await desk.submit(southern);
      expect(await desk.sees(made.id, admin)).to.be.false;
      expect(await isInQueueOf(admin, made)).to.be.false;
      expect(await isInQueueOf(southAdmin, made)).to.be.true;
    });
  });

  describe('by an admin', () => {
    let one: PhysicianPerson;
    let other: PhysicianPerson;
    before(async () => {
      [one, other] = [await aPhysician(api, { admin }), await aPhysician(api, { admin })];
    });

    it('goes from one physician to another, who alone reads it then', async () => {
      const { id } = await desk.submit(patient);
      await desk.act('claim', id, one);
      await desk.act('start', id, one);
      await desk.act('reassign', id, admin, { physicianId: other.physician.id });
      expect(await desk.sees(id, one)).to.be.false;
      expect(await desk.read(id, other)).to.include({ state: 'assigned', physicianId: other.physician.id });
      await desk.refused(404, 'request.not-found', 'answer', id, one);
      await desk.act('start', id, other);
    });

    it('409 where the physician has it already, 404 where there is none', async () => {
      const { id } = await desk.submit(patient);
      await desk.act('claim', id, one);
      const again = { physicianId: one.physician.id };
      await desk.refused(409, 'cases.conflict', 'reassign', id, admin, again);
      const nobody = { physicianId: patient.user.id };
      await desk.refused(404, 'request.not-found', 'reassign', id, admin, nobody);
    });

    it('409 cases.physician-not-eligible, at the field, where the case cannot go to him', async () => {
      const { id } = await desk.submit(patient, { language: 'fr' });
      const answer = await desk.attempt('assign', id, admin, { physicianId: one.physician.id });
      const { detail, errors } = problemOf(answer, 409, 'cases.physician-not-eligible');
      expect(errors).to.deep.equal([{ pointer: '/physicianId', detail }]);
    });

    it('409 for a physician whose account is disabled or of another role by now', async () => {
      for (const change of [{ isActive: false }, { role: 'patient' }]) {
        const gone = await aPhysician(api, { admin });
        await api.get('user', 200, `PATCH /users/${gone.user.id}`, { as: admin, body: change });
        const { id } = await desk.submit(patient);
        const given = { physicianId: gone.physician.id };
        await desk.refused(409, 'cases.physician-not-eligible', 'assign', id, admin, given);
      }
    });
  });
});
