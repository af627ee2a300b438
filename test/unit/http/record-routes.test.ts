import { expect } from 'chai';
import { PASSWORD } from '../../support/builders.ts';
import type { Member } from '../../support/world.ts';
import { problemOfResponse } from './support/problem-of-response.ts';
import { startApi, type StartedApi, stopApis } from './support/start-api.ts';

interface Listed {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor: string | null;
}

const NOBODY = '01900000-dddd-7000-8000-000000000001';

describe('/users', () => {
  let api: StartedApi;
  let admin: Member;
  beforeEach(async () => {
    api = await startApi();
    admin = await api.world.member('admin');
  });
  afterEach(stopApis);

  it('makes accounts of any role', async () => {
    const body = { email: 'p@example.org', role: 'physician', password: PASSWORD, language: 'he' };
    const response = await api.send('POST', '/users', { as: admin, body });
    expect(response.status).to.equal(201);
    const { user } = (await response.json()) as { user: { id: string } };
    expect(user).to.include({ email: 'p@example.org', role: 'physician', language: 'he' });
    const location = response.headers.get('location');
    expect(location).to.equal(`/users/${user.id}`);
    expect(await (await api.send('GET', String(location), { as: admin })).json()).to.deep.equal({ user });
    expect((await problemOfResponse(await api.send('POST', '/users', { as: admin, body }))).status).to.equal(
      409,
    );
  });

  it('changes and disables accounts, at once', async () => {
    const other = await api.world.member('physician');
    const path = `/users/${other.user.id}`;
    const response = await api.send('PATCH', path, { as: admin, body: { isActive: false } });
    expect(((await response.json()) as { user: object }).user).to.include({ isActive: false });
    expect((await api.send('GET', '/auth/me', { as: other })).status).to.equal(401);
    for (const body of [{}, { isActive: 'no' }, { role: 'god' }, { email: 'x@example.org' }]) {
      expect((await api.send('PATCH', path, { as: admin, body })).status, JSON.stringify(body)).to.equal(422);
    }
  });

  it('keeps the last admin', async () => {
    const path = `/users/${admin.user.id}`;
    const response = await api.send('PATCH', path, { as: admin, body: { role: 'patient' } });
    expect((await problemOfResponse(response)).code).to.equal('identity.last-admin');
  });

  it('ends the sessions of an account', async () => {
    const other = await api.world.patient();
    const end = () => api.send('DELETE', `/users/${other.user.id}/sessions`, { as: admin });
    expect((await end()).status).to.equal(204);
    expect((await api.send('GET', '/auth/me', { as: other })).status).to.equal(401);
  });

  it('is for admins only, and within the tenant only', async () => {
    const patient = await api.world.patient();
    const tenant = await api.world.tenant();
    const stranger = await api.world.member('patient', { tenant });
    for (const [method, path] of [
      ['GET', '/users'],
      ['POST', '/users'],
      ['GET', `/users/${patient.user.id}`],
      ['PATCH', `/users/${patient.user.id}`],
      ['DELETE', `/users/${patient.user.id}/sessions`],
    ] as const) {
      expect((await api.send(method, path, { as: patient })).status, `${method} ${path}`).to.equal(403);
    }
    for (const id of [NOBODY, stranger.user.id, 'me']) {
      expect((await api.send('GET', `/users/${id}`, { as: admin })).status, id).to.equal(404);
      expect((await api.send('DELETE', `/users/${id}/sessions`, { as: admin })).status, id).to.equal(404);
      const change = { as: admin, body: { isActive: false } };
      expect((await api.send('PATCH', `/users/${id}`, change)).status, id).to.equal(404);
    }
  });
});

describe('A list', () => {
  let api: StartedApi;
  let admin: Member;
  beforeEach(async () => {
    api = await startApi();
    admin = await api.world.member('admin');
    for (let made = 0; made < 6; made += 1) await api.world.patient();
  });
  afterEach(stopApis);

  const list = async (path: string, as: Member): Promise<Listed> =>
    (await (await api.send('GET', path, { as })).json()) as Listed;

  it('is walked page by page, each entry once', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await list(`/users?limit=2${cursor}`, admin);
      expect(page.items.length).to.be.within(1, 2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    const all = await list('/users', admin);
    expect(seen)
      .to.have.length(7)
      .and.deep.equal(all.items.map(({ id }) => id));
  });

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=1.5',
    'limit=-1',
    'limit=',
    'limit=1&limit=2',
    'page=1',
  ]) {
    it(`422: ${query}`, async () => {
      const { code } = await problemOfResponse(await api.send('GET', `/users?${query}`, { as: admin }));
      expect(code).to.equal('request.invalid');
    });
  }

  it('takes no cursor but those that it gave to this tenant', async () => {
    const { nextCursor } = await list('/users?limit=1', admin);
    const cursor = String(nextCursor);
    const tenant = await api.world.tenant();
    const stranger = await api.world.member('admin', { tenant });
    const foreign = `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
    for (const [as, path] of [
      [admin, `/users?cursor=${foreign}`],
      [admin, `/users?cursor=${cursor.slice(0, -2)}`],
      [admin, `/users?cursor=${cursor}=`],
      [admin, `/users?cursor=`],
      [admin, '/users?cursor=eyJpZCI6MX0'],
      [admin, `/tenants?cursor=${cursor}`],
      [stranger, `/users?cursor=${cursor}`],
    ] as const) {
      const { status, errors } = await problemOfResponse(await api.send('GET', path, { as }));
      expect([status, errors?.map(({ pointer }) => pointer)], path).to.deep.equal([422, ['/cursor']]);
    }
  });
});

describe('/tenants', () => {
  let api: StartedApi;
  let operator: Member;
  beforeEach(async () => {
    api = await startApi();
    operator = await api.world.member('admin');
  });
  afterEach(stopApis);

  const body = { slug: 'north-clinic', name: 'North Clinic' };

  it('adds and changes tenants', async () => {
    const response = await api.send('POST', '/tenants', { as: operator, body });
    expect(response.status).to.equal(201);
    const { tenant } = (await response.json()) as { tenant: { id: string } };
    expect(tenant).to.deep.include({
      ...body,
      privatePool: null,
      allowOverflow: false,
      quotas: { requestsPerDay: null, userRequestsPerDay: null },
      passwordPolicy: { minLength: 8 },
      mfaRequired: false,
    });
    const path = `/tenants/${tenant.id}`;
    const changes = { privatePool: 'north', passwordPolicy: { minLength: 12 } };
    const changed = await api.send('PATCH', path, { as: operator, body: changes });
    expect(await changed.json()).to.deep.equal({ tenant: { ...tenant, ...changes } });
    expect(await (await api.send('GET', path, { as: operator })).json()).to.deep.equal({
      tenant: { ...tenant, ...changes },
    });
    expect(
      (await problemOfResponse(await api.send('POST', '/tenants', { as: operator, body }))).code,
    ).to.equal('tenancy.slug-taken');
  });

  for (const [what, wrong, pointer] of [
    ['a slug with capitals', { ...body, slug: 'North' }, '/slug'],
    ['no name', { slug: 'north' }, '/name'],
    [
      'a password policy below the floor',
      { ...body, passwordPolicy: { minLength: 7 } },
      '/passwordPolicy/minLength',
    ],
    [
      'an unknown field within',
      { ...body, passwordPolicy: { minLength: 8, digits: 1 } },
      '/passwordPolicy/digits',
    ],
  ] as const) {
    it(`422: ${what}`, async () => {
      const { errors } = await problemOfResponse(
        await api.send('POST', '/tenants', { as: operator, body: wrong }),
      );
      expect(errors?.map((field) => field.pointer)).to.deep.equal([pointer]);
    });
  }

  it('is for admins of the practice only', async () => {
    const tenant = await api.world.tenant();
    for (const as of [await api.world.member('admin', { tenant }), await api.world.patient()]) {
      expect((await api.send('GET', '/tenants', { as })).status).to.equal(403);
      expect((await api.send('GET', `/tenants/${tenant.id}`, { as })).status).to.equal(403);
    }
    expect((await api.send('GET', `/tenants/${NOBODY}`, { as: operator })).status).to.equal(404);
  });
});

describe('/cases', () => {
  const question = 'Is this second shadow a reason to worry? 👩‍⚕️';
  let api: StartedApi;
  beforeEach(async () => (api = await startApi()));
  afterEach(stopApis);

  const submit = (body: object, as?: Member) => api.send('POST', '/cases', { body, ...(as && { as }) });

  it('takes in the case of a patient, who reads it with its text', async () => {
    const as = await api.world.patient();
    const response = await submit(
      { language: 'EN', question, priority: 'urgent', specialty: 'radiology' },
      as,
    );
    expect(response.status).to.equal(201);
    const submitted = (await response.json()) as { case: { id: string } };
    expect(submitted).to.have.all.keys('case');
    expect(submitted.case).to.include({
      ...{ state: 'queued', version: 1, language: 'en', priority: 'urgent', specialty: 'radiology' },
      ...{
        patientId: as.user.id,
        physicianId: null,
        pool: null,
        vendorId: null,
        source: 'casegate',
        question,
        answer: null,
      },
    });
    const read = await api.send('GET', String(response.headers.get('location')), { as });
    expect(await read.json()).to.deep.equal(submitted);
    const { items } = (await (await api.send('GET', '/cases', { as })).json()) as Listed;
    expect(items.map(({ id }) => id)).to.deep.equal([submitted.case.id]);
    expect(items[0]).to.not.have.any.keys('question', 'answer', 'messages');
  });

  it('takes in an anonymous case, with a receipt and without its text', async () => {
    const response = await submit({ language: 'en', question });
    expect(response.status).to.equal(201);
    const body = (await response.json()) as { case: { patientId: null }; receipt: string };
    expect(body.receipt).to.be.a('string').with.length.above(20);
    expect(body.case.patientId).to.equal(null);
    expect(JSON.stringify(body)).to.not.contain('shadow');
  });

  it('401: anonymous cases are off, whatever the body is', async () => {
    const closed = await startApi({ world: { settings: { anonymousCases: false } } });
    for (const body of [{ language: 'en', question }, {}]) {
      const response = await closed.send('POST', '/cases', { body });
      expect((await problemOfResponse(response)).code).to.equal('access.unauthenticated');
    }
  });

  it('403: physicians and admins do not submit', async () => {
    for (const role of ['physician', 'admin'] as const) {
      expect((await submit({}, await api.world.member(role))).status).to.equal(403);
    }
  });

  for (const [what, body, pointer] of [
    ['an empty question', { language: 'en', question: '' }, '/question'],
    ['a blank question', { language: 'en', question: ' \n\t' }, '/question'],
    ['a question that is too long', { language: 'en', question: 'x'.repeat(20_001) }, '/question'],
    ['no language', { question }, '/language'],
    ['a priority that does not exist', { language: 'en', question, priority: 'now' }, '/priority'],
    ['a patient chosen by the sender', { language: 'en', question, patientId: NOBODY }, '/patientId'],
  ] as const) {
    it(`422: ${what}`, async () => {
      const { status, errors } = await problemOfResponse(await submit(body));
      expect([status, errors?.map((field) => field.pointer)]).to.deep.equal([422, [pointer]]);
    });
  }

  it('404: a case that is not to be seen, as if it did not exist', async () => {
    const owner = await api.world.patient();
    const { case: theirs } = (await (await submit({ language: 'en', question }, owner)).json()) as {
      case: { id: string };
    };
    const other = await api.world.patient();
    const answers = await Promise.all(
      [theirs.id, NOBODY].map(async (id) => {
        const { requestId, instance, ...same } = await problemOfResponse(
          await api.send('GET', `/cases/${id}`, { as: other }),
        );
        expect(instance).to.contain(requestId);
        return same;
      }),
    );
    expect(answers[0]).to.deep.equal(answers[1]);
    expect(answers[0]).to.include({ status: 404, code: 'request.not-found' });
    expect(((await (await api.send('GET', '/cases', { as: other })).json()) as Listed).items).to.deep.equal(
      [],
    );
  });

  it('shows an admin the cases of the tenant without their text, and narrows the list', async () => {
    const as = await api.world.member('admin');
    await submit({ language: 'en', question }, await api.world.patient());
    await submit({ language: 'he', question }, await api.world.patient());
    const listed = async (query: string) =>
      ((await (await api.send('GET', `/cases${query}`, { as })).json()) as Listed).items;
    const all = await listed('');
    expect(all).to.have.length(2);
    const read = await api.send('GET', `/cases/${String(all[0]?.['id'])}`, { as });
    expect(await read.text()).to.not.contain('shadow');
    expect(await listed('?language=iw')).to.have.length(1);
    expect(await listed('?state=queued&source=casegate')).to.have.length(2);
    expect(await listed('?state=closed')).to.have.length(0);
    expect(await listed('?source=legacy')).to.have.length(0);
    expect((await api.send('GET', '/cases?state=lost', { as })).status).to.equal(422);
  });

  it('holds the text in no line of the log', async () => {
    await submit({ language: 'en', question }, await api.world.patient());
    await api.server.drain();
    expect(api.log).to.have.length(1);
    expect(JSON.stringify(api.log)).to.not.contain('shadow');
  });
});

describe('/health', () => {
  afterEach(stopApis);

  it('is alive and ready', async () => {
    const { send } = await startApi();
    for (const path of ['/health/live', '/health/ready']) {
      const response = await send('GET', path);
      expect([response.status, await response.json()]).to.deep.equal([200, { status: 'ok' }]);
      expect((await send('HEAD', path)).status).to.equal(200);
    }
  });

  it('is alive, but not ready, while a part fails; and tells which, not why', async () => {
    const { send } = await startApi({ faults: { database: 'connect ECONNREFUSED 10.0.0.1:5432' } });
    const response = await send('GET', '/health/ready');
    expect(response.status).to.equal(503);
    expect(await response.json()).to.deep.equal({ status: 'unavailable', checks: { database: 'failing' } });
    expect((await send('GET', '/health/live')).status).to.equal(200);
  });
});

describe('/.well-known/jwks.json', () => {
  afterEach(stopApis);

  it('publishes the keys of access tokens', async () => {
    const { send, world } = await startApi();
    await world.adapters.signingKeys.ensure(world.clock.now());
    const { keys } = (await (await send('GET', '/.well-known/jwks.json')).json()) as { keys: object[] };
    expect(keys).to.have.length(1);
    for (const key of keys) expect(key).to.have.all.keys('kty', 'crv', 'x', 'kid', 'alg', 'use');
  });
});
