import { expect } from 'chai';
import { aPhysician } from '../../support/a-physician.ts';
import type { CaseAnswer } from '../../support/api-bodies.ts';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';

const LANGUAGES = ['en', 'he', 'ar', 'fr'];

describe('GET /cases', () => {
  let api: Api;
  let patient: Person;
  let other: Person;
  let admin: Person;
  /** Those of the patient, in the order of their making. */
  let made: readonly CaseAnswer[];
  before(async function () {
    this.timeout(30_000);
    api = await startApi();
    [patient, other, admin] = [await api.patient(), await api.patient(), await api.member('admin')];
    const cases: CaseAnswer[] = [];
    for (let n = 0; n < 100; n += 1) cases.push(await submit(patient, LANGUAGES[n % 4]!));
    made = cases;
    await submit(other, 'en');
    await api.get('case', 201, 'POST /cases', { body: { language: 'en', question: 'Is it so?' } });
  });
  after(() => api.stop());

  const submit = async (as: Person, language: string): Promise<CaseAnswer> =>
    (await api.get('case', 201, 'POST /cases', { as, body: { language, question: 'Is it so?' } })).case;
  const list = (query: string, as: Person = patient) => api.get('cases', 200, `GET /cases${query}`, { as });
  const pointersOf = (answer: Answer<'problem'>): readonly string[] =>
    (problemOf(answer, 422, 'request.invalid').errors ?? []).map(({ pointer }) => pointer);
  const refused = async (query: string): Promise<readonly string[]> =>
    pointersOf(await api.send('problem', `GET /cases${query}`, { as: patient }));

  /** Every entry of a list, asked for page by page. */
  const walk = (query: string, as: Person) => everyPage((cursor) => list(query + cursor, as));
  const ids = (cases: readonly CaseAnswer[]): readonly string[] => cases.map(({ id }) => id);

  for (const limit of [1, 7, 25, 50, 100]) {
    it(`200 gives each of a hundred cases once, the newest first, by pages of ${limit}`, async () => {
      const seen = await walk(`?limit=${limit}`, patient);
      expect(ids(seen)).to.deep.equal(ids(made).toReversed());
    }).timeout(30_000);
  }

  it('200 gives 25 where no limit is told, and a whole page at the end without a cursor', async () => {
    const first = await list('');
    expect(first.items).to.have.length(25);
    expect(first.nextCursor).to.be.a('string');
    expect(await list('?limit=100')).to.include({ nextCursor: null });
    expect((await list('?limit=99')).nextCursor).to.be.a('string');
  });

  it('200 has no text, for nobody', async () => {
    for (const as of [patient, admin]) {
      const { items } = await list('?limit=100', as);
      for (const item of items) {
        expect(item).to.not.have.any.keys('question', 'answer', 'messages', 'reasons');
      }
    }
  });

  it('200 goes on where it was, while others come in', async () => {
    const reader = await api.patient();
    const before = [await submit(reader, 'en'), await submit(reader, 'en'), await submit(reader, 'en')];
    const seen = await everyPage(async (cursor) => {
      const page = await list(`?limit=1${cursor}`, reader);
      await submit(reader, 'en');
      return page;
    });
    expect(ids(seen)).to.deep.equal(ids(before).toReversed());
  });

  it('200 gives each once where all were made in the same moment', async () => {
    const reader = await api.patient();
    for (let n = 0; n < 6; n += 1) await submit(reader, 'en');
    await api.sql("UPDATE cases SET created_at = date_trunc('milliseconds', now()) WHERE patient_uuid = $1", [
      reader.user.id,
    ]);
    expect(new Set(ids(await walk('?limit=2', reader))).size).to.equal(6);
  });

  it('200 shows a patient his own, an admin those of the tenant, and a physician those that he has', async () => {
    expect(ids((await list('?limit=100', other)).items)).to.have.length(1);
    expect((await walk('?limit=100', admin)).length).to.be.at.least(102);
    const physician = await aPhysician(api, { admin });
    expect((await list('', physician)).items).to.be.empty;
    const { id } = await submit(await api.patient(), 'en');
    await api.get('case', 200, `POST /cases/${id}/claim`, { as: physician });
    const { items } = await list('', physician);
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ id, state: 'assigned', physicianId: physician.physician.id });
  });

  it('200 keeps to a language, in any spelling of it', async () => {
    for (const [language, tag] of [
      ['he', 'he'],
      ['he', 'IW'],
      ['en', 'EN'],
    ]) {
      const seen = await walk(`?limit=10&language=${tag!}`, patient);
      expect(ids(seen)).to.deep.equal(ids(made.filter((item) => item.language === language)).toReversed());
    }
    expect((await list('?language=pt')).items).to.be.empty;
  });

  it('200 keeps to a state, and to a source', async () => {
    const reader = await api.patient();
    const [first, second] = [await submit(reader, 'en'), await submit(reader, 'he')];
    await api.get('case', 200, `POST /cases/${first.id}/cancel`, { as: reader, body: { reason: 'Better.' } });
    expect(ids((await list('?state=queued', reader)).items)).to.deep.equal([second.id]);
    expect(ids((await list('?state=cancelled', reader)).items)).to.deep.equal([first.id]);
    expect((await list('?state=cancelled&language=he', reader)).items).to.be.empty;
    expect((await list('?source=casegate', reader)).items).to.have.length(2);
    expect((await list('?source=legacy', reader)).items).to.be.empty;
  });

  it('422 for a filter that is none', async () => {
    expect(await refused('?state=lost')).to.deep.equal(['/state']);
    expect(await refused('?language=not%20one')).to.deep.equal(['/language']);
    expect(await refused('?source=elsewhere')).to.deep.equal(['/source']);
    expect(await refused('?tenantId=1')).to.deep.equal(['/tenantId']);
    expect(await refused('?state=queued&state=closed')).to.deep.equal(['/state']);
    expect(await refused('?state[]=queued')).to.have.length(1);
  });

  it('422 for a limit that is none', async () => {
    for (const limit of ['0', '101', '-5', '25.0', '٢٥', 'all', '%00']) {
      expect(await refused(`?limit=${encodeURI(limit)}`), limit).to.deep.equal(['/limit']);
    }
  });

  it('422 for a cursor that was changed', async () => {
    const cursor = (await list('?limit=1')).nextCursor!;
    for (let index = 0; index < cursor.length; index += 5) {
      const changed = cursor[index] === 'A' ? 'B' : 'A';
      const tampered = cursor.slice(0, index) + changed + cursor.slice(index + 1);
      expect(await refused(`?cursor=${tampered}`), tampered).to.deep.equal(['/cursor']);
    }
  });

  it('401 without a credential', async () => {
    problemOf(await api.send('problem', 'GET /cases'), 401, 'access.unauthenticated');
  });
});
