import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { everyPage } from '../../support/every-page.ts';
import { problemOf } from '../../support/problem-of.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';

describe('/users', () => {
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

  describe('POST /users', () => {
    const good = () => ({ email: newEmail(), role: 'physician', password: PASSWORD });

    it('201 makes an account of any role in the tenant of the admin, at a place of its own', async () => {
      for (const role of ['patient', 'physician', 'admin'] as const) {
        const body = { ...good(), role, language: 'he' };
        const answer = await api.send('user', 'POST /users', { as: admin, body });
        expect(answer.status).to.equal(201);
        expect(answer.body).to.have.all.keys('user');
        const { user } = answer.body;
        const { tenantId } = admin.user;
        expect(user).to.deep.include({ email: body.email, role, tenantId, isActive: true, language: 'he' });
        expect(answer.headers.get('location')).to.equal(`/users/${user.id}`);
        expect((await api.signIn(body.email)).user).to.deep.equal(user);
      }
    });

    it('409 identity.email-taken', async () => {
      const body = { ...good(), email: admin.user.email.toUpperCase() };
      problemOf(await send('POST /users', body), 409, 'identity.email-taken');
    });

    it('422 for a weak password, an unknown role, a missing field, and a field that is not for the client', async () => {
      const weak = problemOf(
        await send('POST /users', { ...good(), password: 'iloveyou' }),
        422,
        'identity.password-rejected',
      );
      expect(weak.errors?.[0]?.pointer).to.equal('/password');
      expect(pointersOf(await send('POST /users', { ...good(), role: 'operator' }))).to.deep.equal(['/role']);
      expect(pointersOf(await send('POST /users', {}))).to.have.members(['/email', '/role']);
      for (const field of ['tenantId', 'tenant', 'isActive', 'emailVerified', 'id']) {
        expect(pointersOf(await send('POST /users', { ...good(), [field]: NOBODY }))).to.deep.equal([
          `/${field}`,
        ]);
      }
    });
  });

  describe('GET /users', () => {
    it('200 lists every account of the tenant once, the newest first, page by page', async () => {
      const elsewhere = await api.tenant();
      const chief = await api.member('admin', elsewhere.slug);
      for (let more = 0; more < 5; more += 1) await api.patient(elsewhere.slug);
      for (const limit of [1, 4, 6, 100]) {
        const seen = await everyPage(async (cursor) => {
          const request = `GET /users?limit=${String(limit)}${cursor}`;
          const page = await api.get('users', 200, request, { as: chief });
          expect(page.items.length).to.be.within(1, limit);
          return page;
        });
        expect(new Set(seen.map(({ id }) => id)).size).to.equal(6);
        expect(seen).to.have.length(6);
        expect(seen.at(-1)?.id).to.equal(chief.user.id);
        expect(seen.map(({ createdAt }) => createdAt)).to.deep.equal(
          seen.map(({ createdAt }) => createdAt).toSorted((a, b) => b.localeCompare(a)),
        );
        expect(seen.every(({ tenantId }) => tenantId === elsewhere.id)).to.be.true;
      }
    });

    it('422 for a limit, a cursor or a parameter that is none', async () => {
      for (const limit of ['0', '101', '-1', '1.5', 'ten', '', '1e1', '0x10', '10&limit=10']) {
        expect(pointersOf(await send(`GET /users?limit=${limit}`)), limit).to.deep.equal(['/limit']);
      }
      for (const cursor of ['', 'x', 'bm9uc2Vuc2U', '%F0%9F%A6%8A', 'a'.repeat(600)]) {
        expect(pointersOf(await send(`GET /users?cursor=${cursor}`)), cursor).to.deep.equal(['/cursor']);
      }
      expect(pointersOf(await send('GET /users?role=admin'))).to.deep.equal(['/role']);
    });
  });

  describe('GET /users/{id}', () => {
    it('200 is the account', async () => {
      const { user } = await api.patient();
      expect(await api.get('user', 200, `GET /users/${user.id}`, { as: admin })).to.deep.equal({ user });
      const shouted = `GET /users/${user.id.toUpperCase()}`;
      expect(await api.get('user', 200, shouted, { as: admin })).to.deep.equal({ user });
    });

    it('404 for nobody, and for what is no id', async () => {
      for (const id of [NOBODY, '1', 'me', "'%20OR%201=1", 'x'.repeat(500)]) {
        problemOf(await send(`GET /users/${id}`), 404, 'request.not-found');
      }
    });
  });

  describe('PATCH /users/{id}', () => {
    it('200 changes role and activity, and nothing else', async () => {
      const { user } = await api.patient();
      const request = `PATCH /users/${user.id}`;
      const patched = async (body: unknown) =>
        (await api.get('user', 200, request, { as: admin, body })).user;
      expect(await patched({ role: 'physician' })).to.deep.equal({ ...user, role: 'physician' });
      expect(await patched({ isActive: false })).to.deep.equal({
        ...user,
        role: 'physician',
        isActive: false,
      });
      expect(await patched({ isActive: true, role: 'patient' })).to.deep.equal(user);
      expect(await patched({ isActive: true })).to.deep.equal(user);
    });

    it('422 for nothing, for what is of the wrong type, and for every other field', async () => {
      const { user } = await api.patient();
      const pointers = async (body: unknown) => pointersOf(await send(`PATCH /users/${user.id}`, body));
      expect(await pointers({})).to.deep.equal(['']);
      expect(await pointers({ isActive: 'no' })).to.deep.equal(['/isActive']);
      expect(await pointers({ isActive: null })).to.deep.equal(['/isActive']);
      expect(await pointers({ role: 'root' })).to.deep.equal(['/role']);
      for (const field of [
        'email',
        'tenantId',
        'passwordHash',
        'password',
        'emailVerified',
        'version',
        'tokenEpoch',
      ]) {
        expect(await pointers({ role: 'physician', [field]: 1 })).to.deep.equal([`/${field}`]);
      }
      expect(await api.get('user', 200, `GET /users/${user.id}`, { as: admin })).to.deep.equal({ user });
    });

    it('404 for nobody', async () => {
      problemOf(await send(`PATCH /users/${NOBODY}`, { isActive: false }), 404, 'request.not-found');
    });
  });

  it('404 for the sessions of nobody', async () => {
    problemOf(await send(`DELETE /users/${NOBODY}/sessions`), 404, 'request.not-found');
  });

  describe('to anybody but an admin', () => {
    const requests: readonly (readonly [string, object?])[] = [
      ['GET /users'],
      ['POST /users', { email: 'someone@example.org', role: 'admin', password: PASSWORD }],
      [`GET /users/${NOBODY}`],
      [`PATCH /users/${NOBODY}`, { role: 'admin' }],
      [`DELETE /users/${NOBODY}/sessions`],
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
});
