import { expect } from 'chai';
import { aPhysician, type PhysicianPerson } from '../../support/a-physician.ts';
import type { CaseAnswer } from '../../support/api-bodies.ts';
import { type Api, type Person, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk } from '../../support/case-desk.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';

const PRIORITIES = ['routine', 'urgent', 'asap'] as const;
const LANGUAGES = ['en', 'he'] as const;

describe('GET /cases?view=queue', () => {
  let api: Api;
  let desk: CaseDesk;
  let admin: Person;
  let patient: Person;
  let physician: PhysicianPerson;
  /** In the order of their making. */
  let made: readonly CaseAnswer[];
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
    [admin, patient] = [await api.member('admin'), await api.patient()];
    physician = await aPhysician(api, { admin, languages: ['he'] });
    const cases: CaseAnswer[] = [];
    for (let n = 0; n < 24; n += 1) {
      const given = { priority: PRIORITIES[n % 3]!, language: LANGUAGES[n % 2]!, specialty: 'cardiology' };
      cases.push(await desk.submit(patient, given));
    }
    made = cases;
  });
  after(() => api.stop());

  const page = (query: string, as: Person) => api.get('cases', 200, `GET /cases?view=queue${query}`, { as });
  const refusedAt = async (query: string, as: Person): Promise<readonly string[]> => {
    const answer = await api.send('problem', `GET /cases?${query}`, { as });
    return (problemOf(answer, 422, 'request.invalid').errors ?? []).map(({ pointer }) => pointer);
  };
  const ids = (cases: readonly CaseAnswer[]): readonly string[] => cases.map(({ id }) => id);
  /** The order in which cases are to be taken: of one priority, those made before others are due before them. */
  const inOrder = (cases: readonly CaseAnswer[]): readonly string[] =>
    [...PRIORITIES].reverse().flatMap((priority) => ids(cases.filter((item) => item.priority === priority)));

  it('200 has asap before urgent before routine, then what is due first', async () => {
    for (const as of [physician, admin]) expect(ids(await desk.queue(as))).to.deep.equal(inOrder(made));
  });

  it('200 has what is due first before what was submitted first', async () => {
    const { slug } = await api.tenant();
    const [theirs, their] = [await api.patient(slug), await api.member('admin', slug)];
    const [first, second, third] = [
      await desk.submit(theirs),
      await desk.submit(theirs),
      await desk.submit(theirs),
    ];
    await api.sql("UPDATE cases SET due_at = due_at - interval '1 hour' WHERE uuid = $1", [second.id]);
    expect(ids(await desk.queue(their))).to.deep.equal(ids([second, first, third]));
    await api.sql(
      "UPDATE cases SET due_at = date_trunc('hour', now()), created_at = date_trunc('hour', now()) - interval '1 hour' WHERE tenant_uuid = $1",
      [first.tenantId],
    );
    expect(ids(await desk.queue(their))).to.deep.equal(ids([first, second, third]).toSorted());
    const walked = await everyPage((cursor) => page(`&limit=1${cursor}`, their));
    expect(ids(walked)).to.deep.equal(ids([first, second, third]).toSorted());
    // The physicians of the practice have them in their queue as well.
    for (const { id } of walked) await desk.act('cancel', id, their);
  });

  for (const limit of [1, 5, 23, 24, 25]) {
    it(`200 gives each case once, in its order, by pages of ${String(limit)}`, async () => {
      for (const as of [physician, admin]) {
        const seen = await everyPage((cursor) => page(`&limit=${String(limit)}${cursor}`, as));
        expect(ids(seen)).to.deep.equal(inOrder(made));
      }
    });
  }

  it('200 goes on where it was, though the last case seen was taken meanwhile', async () => {
    const { items, nextCursor } = await page('&limit=3', physician);
    await desk.act('claim', items.at(-1)!.id, physician);
    const rest = await page(`&limit=100&cursor=${nextCursor!}`, physician);
    await desk.act('release', items.at(-1)!.id, physician);
    expect([...ids(items), ...ids(rest.items)]).to.deep.equal(inOrder(made));
  });

  it('200 shows since when each waits, and no text, nor to physicians whose it is', async () => {
    await api.sql("UPDATE cases SET created_at = created_at - interval '90 seconds' WHERE uuid = $1", [
      made[0]!.id,
    ]);
    for (const [as, patientId] of [
      [physician, null],
      [admin, patient.user.id],
    ] as const) {
      const items = await desk.queue(as);
      for (const item of items) {
        expect(item).to.not.have.any.keys('question', 'answer', 'messages', 'reasons');
        expect(item).to.include({ state: 'queued', physicianId: null, patientId, specialty: 'cardiology' });
        expect(item.waitingSeconds).to.be.within(0, 120);
      }
      expect(items.find(({ id }) => id === made[0]!.id)?.waitingSeconds).to.be.at.least(90);
    }
    const { items } = await api.get('cases', 200, 'GET /cases', { as: admin });
    expect(items[0]).to.not.have.property('waitingSeconds');
  });

  it('200 shows a physician a case of it without its text, before and after it was his', async () => {
    const { id } = made[0]!;
    const isBare = async (): Promise<void> => {
      const seen = await desk.read(id, physician);
      expect(seen).to.include({ state: 'queued', patientId: null });
      expect(seen).to.not.have.any.keys('question', 'answer', 'messages', 'reasons');
    };
    await isBare();
    expect(await desk.act('claim', id, physician)).to.have.property('question');
    expect(await desk.act('release', id, physician)).to.not.have.property('question');
    await isBare();
  });

  it('200 keeps to a language', async () => {
    for (const [tag, language] of [
      ['he', 'he'],
      ['IW', 'he'],
      ['en', 'en'],
    ] as const) {
      const kept = made.filter((item) => item.language === language);
      for (const as of [physician, admin]) {
        expect(ids(await desk.queue(as, `&language=${tag}`))).to.deep.equal(inOrder(kept));
      }
    }
    expect(await desk.queue(physician, '&language=fr')).to.be.empty;
  });

  it('200 takes the state and the source that all in it have; 422 for any other', async () => {
    expect(ids(await desk.queue(physician, '&state=queued&source=casegate'))).to.deep.equal(inOrder(made));
    expect(await refusedAt('view=queue&state=assigned', physician)).to.deep.equal(['/state']);
    expect(await refusedAt('view=queue&source=legacy', admin)).to.deep.equal(['/source']);
    for (const view of ['', 'QUEUE', 'list', 'queue&view=queue']) {
      expect(await refusedAt(`view=${view}`, admin), view).to.deep.equal(['/view']);
    }
  });

  it('422 for a cursor of another list, of another tenant, or that was changed', async () => {
    const cursor = (await page('&limit=1', admin)).nextCursor!;
    const ofCases = (await api.get('cases', 200, 'GET /cases?limit=1', { as: admin })).nextCursor!;
    const their = await api.member('admin', (await api.tenant()).slug);
    const wrong: readonly (readonly [string, Person])[] = [
      [`view=queue&cursor=${ofCases}`, admin],
      [`cursor=${cursor}`, admin],
      [`view=queue&cursor=${cursor}`, their],
      [`view=queue&cursor=${cursor.slice(0, -4)}`, admin],
      [`view=queue&cursor=${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`, admin],
    ];
    for (const [query, as] of wrong) expect(await refusedAt(query, as), query).to.deep.equal(['/cursor']);
    await page(`&cursor=${cursor}`, admin);
  });

  it('403 for patients, 401 without a credential', async () => {
    const as = patient;
    problemOf(await api.send('problem', 'GET /cases?view=queue', { as }), 403, 'access.forbidden');
    problemOf(await api.send('problem', 'GET /cases?view=queue'), 401, 'access.unauthenticated');
  });
});
