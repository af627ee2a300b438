import { expect } from 'chai';
import { aPhysician } from '../../support/a-physician.ts';
import type { TenantAnswer } from '../../support/api-bodies.ts';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('Two tenants', () => {
  let api: Api;
  let north: TenantAnswer;
  let south: TenantAnswer;
  let northern: Record<'admin' | 'patient', Person>;
  let southern: Record<'admin' | 'patient', Person>;
  let practiceAdmin: Person;

  const peopleOf = async ({ slug }: TenantAnswer): Promise<Record<'admin' | 'patient', Person>> => ({
    admin: await api.member('admin', slug),
    patient: await api.patient(slug),
  });
  before(async () => {
    api = await startApi();
    north = await api.tenant();
    south = await api.tenant();
    northern = await peopleOf(north);
    southern = await peopleOf(south);
    practiceAdmin = await api.member('admin');
  });
  after(() => api.stop());

  const send = (as: Person, request: string, body?: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', request, { as, ...(body !== undefined && { body }) });
  const submit = (as: Person) =>
    api.get('case', 201, 'POST /cases', { as, body: { language: 'en', question: 'Is it so?' } });

  it('do not see the accounts of each other: 404, for reading, changing and signing out', async () => {
    for (const stranger of [northern.admin, practiceAdmin]) {
      const path = `/users/${southern.patient.user.id}`;
      problemOf(await send(stranger, `GET ${path}`), 404, 'request.not-found');
      problemOf(await send(stranger, `PATCH ${path}`, { isActive: false }), 404, 'request.not-found');
      problemOf(await send(stranger, `DELETE ${path}/sessions`), 404, 'request.not-found');
    }
    const { user } = southern.patient;
    expect(await api.get('profile', 200, 'GET /auth/me', { as: southern.patient })).to.deep.equal({ user });
  });

  it('do not see the physicians of each other: 404, for reading and changing', async () => {
    const { physician, user } = await aPhysician(api, { tenant: south.slug, admin: southern.admin });
    for (const stranger of [northern.admin, practiceAdmin]) {
      const path = `/physicians/${physician.id}`;
      problemOf(await send(stranger, `GET ${path}`), 404, 'request.not-found');
      problemOf(await send(stranger, `PATCH ${path}`, { vacationMode: true }), 404, 'request.not-found');
      const again = { userId: user.id, languagePreference: 'en' };
      problemOf(await send(stranger, 'POST /physicians', again), 404, 'request.not-found');
      const { items } = await api.get('physicians', 200, 'GET /physicians?limit=100', { as: stranger });
      expect(items.map(({ id }) => id)).to.not.include(physician.id);
    }
    const { items } = await api.get('physicians', 200, 'GET /physicians', { as: southern.admin });
    expect(items).to.deep.equal([physician]);
  });

  it('list their own accounts only', async () => {
    const { items } = await api.get('users', 200, 'GET /users?limit=100', { as: northern.admin });
    expect(items.map(({ id }) => id)).to.have.members([northern.admin.user.id, northern.patient.user.id]);
  });

  it('do not see the cases of each other, not even as admins of the practice', async () => {
    const own = (await submit(southern.patient)).case;
    expect(own.tenantId).to.equal(south.id);
    for (const stranger of [northern.admin, northern.patient, practiceAdmin]) {
      problemOf(await send(stranger, `GET /cases/${own.id}`), 404, 'request.not-found');
      const { items } = await api.get('cases', 200, 'GET /cases?limit=100', { as: stranger });
      expect(items.map(({ id }) => id)).to.not.include(own.id);
    }
    await api.get('case', 200, `GET /cases/${own.id}`, { as: southern.admin });
  });

  it('make accounts in the tenant of the credential, whatever the body says', async () => {
    const good = { email: newEmail(), role: 'patient', password: PASSWORD };
    for (const field of ['tenant', 'tenantId', 'tenant_uuid']) {
      problemOf(
        await send(northern.admin, 'POST /users', { ...good, [field]: south.id }),
        422,
        'request.invalid',
      );
    }
    const { user } = await api.get('user', 201, 'POST /users', { as: northern.admin, body: good });
    expect(user.tenantId).to.equal(north.id);
  });

  it('take cases into the tenant of the credential, whatever the body, the query or a header says', async () => {
    const body = { language: 'en', question: 'Is it so?' };
    for (const field of ['tenant', 'tenantId', 'patientId', 'userId']) {
      const answer = await send(northern.patient, 'POST /cases', { ...body, [field]: south.id });
      problemOf(answer, 422, 'request.invalid');
    }
    const headers = { 'X-Tenant': south.slug, 'X-Tenant-Id': south.id };
    const submitted = await api.get('case', 201, `POST /cases?tenantId=${south.id}`, {
      as: northern.patient,
      body,
      headers,
    });
    expect(submitted.case.tenantId).to.equal(north.id);
  });

  it('refuse the cursors of each other, of another list, and such as were changed', async () => {
    for (let more = 0; more < 3; more += 1) await submit(northern.patient);
    const page = (path: string, as: Person) => api.get('users', 200, `GET ${path}?limit=1`, { as });
    const users = (await page('/users', northern.admin)).nextCursor!;
    const cases = (await page('/cases', northern.admin)).nextCursor!;
    const bits = Buffer.from(users, 'base64url');
    const flipped = Array.from({ length: 8 }, (_, n) => {
      const changed = Buffer.from(bits);
      changed[n * 4]! ^= 1;
      return changed.toString('base64url');
    });
    const wrong: readonly (readonly [Person, string, string])[] = [
      [southern.admin, '/users', users],
      [practiceAdmin, '/users', users],
      [northern.admin, '/cases', users],
      [northern.admin, '/users', cases],
      [northern.admin, '/auth/sessions', users],
      ...[...flipped, `${users}A`, `${users}=`, users.slice(0, -2)].map(
        (cursor) => [northern.admin, '/users', cursor] as const,
      ),
    ];
    for (const [as, path, cursor] of wrong) {
      const { errors } = problemOf(await send(as, `GET ${path}?cursor=${cursor}`), 422, 'request.invalid');
      expect(errors?.[0]?.pointer).to.equal('/cursor');
    }
    await api.get('users', 200, `GET /users?cursor=${users}`, { as: northern.admin });
  });

  it('keep a patient, a physician and an admin of one address apart', async () => {
    const { email } = northern.patient.user;
    const body = { email, role: 'admin', password: 'another marble staircase' };
    const { user } = await api.get('user', 201, 'POST /users', { as: southern.admin, body });
    expect(user.id).to.not.equal(northern.patient.user.id);
    problemOf(
      await api.send('problem', 'POST /auth/login', {
        body: { email, password: PASSWORD, tenant: south.slug },
      }),
      401,
      'access.invalid-credentials',
    );
    expect((await api.signIn(email, north.slug)).user.role).to.equal('patient');
  });
});
