import { expect } from 'chai';
import { aPhysician } from '../../support/a-physician.ts';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';

/** Fields that no client sets. */
const OTHERS = ['id', 'tenantId', 'tenant_uuid', 'version', 'createdAt', 'role', 'isActive'];

describe('/physicians', () => {
  let api: Api;
  let admin: Person;
  before(async () => {
    api = await startApi();
    admin = await api.member('admin');
  });
  after(() => api.stop());

  const send = (request: string, body?: unknown, as: Person = admin): Promise<Answer<'problem'>> =>
    api.send('problem', request, { as, ...(body !== undefined && { body }) });
  const pointersOf = (answer: Answer<'problem'>): readonly string[] =>
    (problemOf(answer, 422, 'request.invalid').errors ?? []).map(({ pointer }) => pointer);
  const rowsOf = ({ user }: Person) => api.sql('SELECT FROM physicians WHERE user_uuid = $1', [user.id]);

  /** Bodies that neither POST nor PATCH takes, and where they are wrong. */
  const wrongFields: readonly (readonly [object, readonly string[]])[] = [
    [{ languagePreference: 'x' }, ['/languagePreference']],
    [{ languagePreference: null }, ['/languagePreference']],
    [{ languages: 'he' }, ['/languages']],
    [{ languages: ['he', 'en_US', 7] }, ['/languages/1', '/languages/2']],
    [{ languages: Array.from({ length: 21 }, () => 'he') }, ['/languages']],
    [{ languages: null }, ['/languages']],
    [{ privatePool: '' }, ['/privatePool']],
    [{ privatePool: ' \u00a0' }, ['/privatePool']],
    [{ privatePool: 'x'.repeat(101) }, ['/privatePool']],
    [{ privatePool: 'a\0b' }, ['/privatePool']],
    [{ privatePool: '\ud83e' }, ['/privatePool']],
    [{ privatePool: 7 }, ['/privatePool']],
    [{ vacationMode: 'yes' }, ['/vacationMode']],
    [{ vacationMode: null }, ['/vacationMode']],
    [{ maxOpenCases: 0 }, ['/maxOpenCases']],
    [{ maxOpenCases: -1 }, ['/maxOpenCases']],
    [{ maxOpenCases: 1001 }, ['/maxOpenCases']],
    [{ maxOpenCases: 1.5 }, ['/maxOpenCases']],
    [{ maxOpenCases: '10' }, ['/maxOpenCases']],
    [{ maxOpenCases: null }, ['/maxOpenCases']],
    ...OTHERS.map((field) => [{ [field]: NOBODY }, [`/${field}`]] as const),
  ];

  describe('POST /physicians', () => {
    const bodyOf = ({ user }: Person) => ({ userId: user.id, languagePreference: 'he' });

    it('201 makes one with the defaults of its kind, at a place of its own', async () => {
      const person = await api.member('physician');
      const answer = await api.send('physician', 'POST /physicians', { as: admin, body: bodyOf(person) });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.have.all.keys('physician');
      const { id, ...rest } = answer.body.physician;
      expect(rest).to.deep.equal({
        ...bodyOf(person),
        languages: ['he'],
        privatePool: null,
        vacationMode: false,
        maxOpenCases: 10,
      });
      expect(answer.headers.get('location')).to.equal(`/physicians/${id}`);
      const read = await api.get('physician', 200, `GET /physicians/${id}`, { as: admin });
      expect(read).to.deep.equal(answer.body);
    });

    it('201 takes every field, its languages in canonical form and the preferred one first', async () => {
      const person = await api.member('physician');
      const body = {
        userId: person.user.id.toUpperCase(),
        languagePreference: 'IW',
        languages: ['EN-us', 'he', 'ru', 'iw', 'RU'],
        privatePool: '  north ',
        vacationMode: true,
        maxOpenCases: 1000,
      };
      const { physician } = await api.get('physician', 201, 'POST /physicians', { as: admin, body });
      expect(physician).to.deep.equal({
        id: physician.id,
        userId: person.user.id,
        languagePreference: 'he',
        languages: ['he', 'en-US', 'ru'],
        privatePool: 'north',
        vacationMode: true,
        maxOpenCases: 1000,
      });
    });

    it('201 once for a request that is repeated by its Idempotency-Key', async () => {
      const person = await api.member('physician');
      const headers = { 'Idempotency-Key': 'one-physician' };
      const repeated = () =>
        api.send('physician', 'POST /physicians', { as: admin, body: bodyOf(person), headers });
      const first = await repeated();
      const second = await repeated();
      expect([first.status, second.status]).to.deep.equal([201, 201]);
      expect(second.body).to.deep.equal(first.body);
      expect(second.headers.get('location')).to.equal(first.headers.get('location'));
      expect(await rowsOf(person)).to.have.length(1);
    });

    it('404 for an account of another tenant, and for nobody', async () => {
      const stranger = await api.member('physician', (await api.tenant()).slug);
      for (const userId of [stranger.user.id, NOBODY]) {
        const body = { userId, languagePreference: 'he' };
        problemOf(await send('POST /physicians', body), 404, 'request.not-found');
      }
      expect(await rowsOf(stranger)).to.be.empty;
    });

    it('409 identity.not-a-physician for an account of another role', async () => {
      for (const person of [admin, await api.patient()]) {
        problemOf(await send('POST /physicians', bodyOf(person)), 409, 'identity.not-a-physician');
        expect(await rowsOf(person)).to.be.empty;
      }
    });

    it('409 identity.physician-exists, and of several that come at once all but one', async () => {
      const person = await api.member('physician');
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => send('POST /physicians', bodyOf(person))),
      );
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) {
        problemOf(answer, 409, 'identity.physician-exists');
      }
      expect(await rowsOf(person)).to.have.length(1);
    });

    it('422 for every field that is missing, unknown or out of bounds', async () => {
      const person = await api.member('physician');
      expect(pointersOf(await send('POST /physicians', {}))).to.have.members([
        '/userId',
        '/languagePreference',
      ]);
      for (const userId of ['me', '', 7, null]) {
        const body = { ...bodyOf(person), userId };
        expect(pointersOf(await send('POST /physicians', body))).to.deep.equal(['/userId']);
      }
      for (const [fields, pointers] of wrongFields) {
        const answer = await send('POST /physicians', { ...bodyOf(person), ...fields });
        expect(pointersOf(answer), JSON.stringify(fields)).to.have.members(pointers);
      }
      expect(await rowsOf(person)).to.be.empty;
    });

    it('422 identity.too-many-languages where the preferred one is one too many', async () => {
      const person = await api.member('physician');
      const languages = Array.from({ length: 20 }, (_, index) => `en-x-${String(index)}`);
      const answer = await send('POST /physicians', { ...bodyOf(person), languages });
      const { errors } = problemOf(answer, 422, 'identity.too-many-languages');
      expect(errors?.map(({ pointer }) => pointer)).to.deep.equal(['/languages']);
    });
  });

  describe('GET /physicians', () => {
    it('200 lists every physician of the tenant once, the newest first, page by page', async () => {
      const { slug } = await api.tenant();
      const chief = await api.member('admin', slug);
      const made: string[] = [];
      for (let more = 0; more < 4; more += 1) {
        made.push((await aPhysician(api, { tenant: slug, admin: chief })).physician.id);
      }
      await api.member('physician', slug);
      for (const limit of [1, 3, 4, 100]) {
        const seen = await everyPage((cursor) =>
          api.get('physicians', 200, `GET /physicians?limit=${String(limit)}${cursor}`, { as: chief }),
        );
        expect(seen.map(({ id }) => id)).to.deep.equal(made.toReversed());
      }
    });

    it('422 for a limit, a cursor or a parameter that is none', async () => {
      expect(pointersOf(await send('GET /physicians?limit=0'))).to.deep.equal(['/limit']);
      expect(pointersOf(await send('GET /physicians?cursor=x'))).to.deep.equal(['/cursor']);
      expect(pointersOf(await send('GET /physicians?language=he'))).to.deep.equal(['/language']);
    });
  });

  describe('PATCH /physicians/{id}', () => {
    it('200 changes what it names, and leaves the rest', async () => {
      const { physician } = await aPhysician(api, { admin });
      const patched = async (body: unknown) =>
        (await api.get('physician', 200, `PATCH /physicians/${physician.id}`, { as: admin, body })).physician;
      expect(await patched({ maxOpenCases: 3 })).to.deep.equal({ ...physician, maxOpenCases: 3 });
      const changes = { languages: ['en', 'ru'], privatePool: 'north', vacationMode: true };
      const changed = { ...physician, ...changes, maxOpenCases: 3 };
      expect(await patched(changes)).to.deep.equal(changed);
      const preferred = { ...changed, languagePreference: 'he', languages: ['he', 'en', 'ru'] };
      expect(await patched({ languagePreference: 'iw' })).to.deep.equal(preferred);
      const last = { ...preferred, languages: ['he', 'fr'], privatePool: null };
      expect(await patched({ languages: ['fr'], privatePool: null })).to.deep.equal(last);
      expect(await patched({ privatePool: null })).to.deep.equal(last);
      const read = await api.get('physician', 200, `GET /physicians/${physician.id}`, { as: admin });
      expect(read.physician).to.deep.equal(last);
    });

    it('200 or 409 for changes at once: none that was answered with 200 is lost', async () => {
      const { physician } = await aPhysician(api, { admin });
      const fields = [{ maxOpenCases: 3 }, { privatePool: 'north' }, { vacationMode: true }];
      const answers = await Promise.all(
        fields.map((body) => send(`PATCH /physicians/${physician.id}`, body)),
      );
      const kept = fields.filter((_, index) => answers[index]?.status === 200);
      expect(kept).to.not.be.empty;
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        problemOf(answer, 409, 'identity.physician-conflict');
      }
      const read = await api.get('physician', 200, `GET /physicians/${physician.id}`, { as: admin });
      expect(read.physician).to.deep.equal(Object.assign({}, physician, ...kept));
    });

    it('422 for nothing, for what is out of bounds, and for every other field', async () => {
      const { physician } = await aPhysician(api, { admin });
      const request = `PATCH /physicians/${physician.id}`;
      expect(pointersOf(await send(request, {}))).to.deep.equal(['']);
      for (const [fields, pointers] of [...wrongFields, [{ userId: NOBODY }, ['/userId']] as const]) {
        const answer = await send(request, { vacationMode: true, ...fields });
        expect(pointersOf(answer), JSON.stringify(fields)).to.have.members(pointers);
      }
      const read = await api.get('physician', 200, `GET /physicians/${physician.id}`, { as: admin });
      expect(read).to.deep.equal({ physician });
    });
  });

  describe('PATCH /physicians/me', () => {
    it('200 changes one’s own languages and vacation, at once for every open session', async () => {
      const person = await aPhysician(api, { admin });
      const other = await api.signIn(person.user.email);
      const body = { languagePreference: 'he', languages: ['iw', 'ru'], vacationMode: true };
      const changed = await api.get('physician', 200, 'PATCH /physicians/me', { as: person, body });
      expect(changed.physician).to.deep.equal({ ...person.physician, ...body, languages: ['he', 'ru'] });
      for (const as of [person, other]) {
        const profile = await api.get('profile', 200, 'GET /auth/me', { as });
        expect(profile).to.deep.equal({ user: person.user, ...changed });
      }
      const back = { vacationMode: false };
      const ended = await api.get('physician', 200, 'PATCH /physicians/me', { as: other, body: back });
      expect(ended.physician).to.deep.equal({ ...changed.physician, ...back });
    });

    it('200 of an admin is seen by an open session of the physician', async () => {
      const person = await aPhysician(api, { admin });
      const body = { vacationMode: true, maxOpenCases: 1 };
      await api.get('physician', 200, `PATCH /physicians/${person.physician.id}`, { as: admin, body });
      const profile = await api.get('profile', 200, 'GET /auth/me', { as: person });
      expect(profile.physician).to.deep.equal({ ...person.physician, ...body });
    });

    it('404 where nobody has made a physician of the account yet', async () => {
      const person = await api.member('physician');
      problemOf(await send('PATCH /physicians/me', { vacationMode: true }, person), 404, 'request.not-found');
    });

    it('422 for nothing, and for what only an admin changes', async () => {
      const person = await aPhysician(api, { admin });
      const patch = (body: unknown) => send('PATCH /physicians/me', body, person);
      expect(pointersOf(await patch({}))).to.deep.equal(['']);
      for (const field of ['privatePool', 'maxOpenCases', 'userId', ...OTHERS]) {
        expect(pointersOf(await patch({ vacationMode: true, [field]: null }))).to.deep.equal([`/${field}`]);
      }
      expect((await api.get('profile', 200, 'GET /auth/me', { as: person })).physician).to.deep.equal(
        person.physician,
      );
    });

    it('405 for reading: /auth/me has it', async () => {
      const answer = await send('GET /physicians/me');
      problemOf(answer, 405, 'request.method-not-allowed');
      expect(answer.headers.get('allow')).to.equal('PATCH, OPTIONS');
    });
  });

  it('404 for nobody, for what is no id, and for a physician of another tenant', async () => {
    const { physician, user } = await aPhysician(api, { tenant: (await api.tenant()).slug });
    const chief = await api.member('admin', (await api.tenant()).slug);
    for (const as of [admin, chief]) {
      for (const id of [physician.id, user.id, NOBODY, '1', "'%20OR%201=1"]) {
        problemOf(await send(`GET /physicians/${id}`, undefined, as), 404, 'request.not-found');
        const change = await send(`PATCH /physicians/${id}`, { vacationMode: true }, as);
        problemOf(change, 404, 'request.not-found');
      }
    }
    expect(
      await api.sql('SELECT FROM physicians WHERE uuid = $1 AND NOT vacation_mode', [physician.id]),
    ).to.have.length(1);
  });

  describe('to anybody but an admin', () => {
    const requests: readonly (readonly [string, object?])[] = [
      ['GET /physicians'],
      ['POST /physicians', { userId: NOBODY, languagePreference: 'he' }],
      [`GET /physicians/${NOBODY}`],
      [`PATCH /physicians/${NOBODY}`, { vacationMode: true }],
    ];
    for (const [request, body] of requests) {
      it(`${request} is 401 without a credential, and 403 for patients and physicians`, async () => {
        const anybody = await api.send('problem', request, { ...(body && { body }) });
        problemOf(anybody, 401, 'access.unauthenticated');
        for (const role of ['patient', 'physician'] as const) {
          problemOf(await send(request, body, await api.member(role)), 403, 'access.forbidden');
        }
      });
    }
  });

  it('PATCH /physicians/me is 401 without a credential, and 403 for patients and admins', async () => {
    const body = { vacationMode: true };
    const anybody = await api.send('problem', 'PATCH /physicians/me', { body });
    problemOf(anybody, 401, 'access.unauthenticated');
    for (const person of [admin, await api.patient()]) {
      problemOf(await send('PATCH /physicians/me', body, person), 403, 'access.forbidden');
    }
  });
});
