import { expect } from 'chai';
import { type Answer, type Api, PASSWORD, type Person, type Sent, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

const NOBODY = '01900000-0000-7000-8000-000000000000';
const MALFORMED: Sent = { octets: '{', headers: { 'Content-Type': 'application/json' } };
const UNTYPED: Sent = { octets: '{}', headers: { 'Content-Type': 'text/plain' } };
const TOO_LARGE: Sent = { octets: 'x'.repeat(70_000), headers: { 'Content-Type': 'application/json' } };
const INVALID: Sent = { body: { role: 'nobody' } };
const LIMITS = {
  credentials: { limit: 30, windowSeconds: 600 },
  anonymous: { limit: 100_000, windowSeconds: 600 },
  authenticated: { limit: 12, windowSeconds: 600 },
};

describe('A request with more than one fault', () => {
  let api: Api;
  let admin: Person;
  let patient: Person;
  before(async () => {
    api = await startApi({ RATE_LIMITS: JSON.stringify(LIMITS) });
    admin = await api.member('admin');
    patient = await api.patient();
  });
  after(() => api.stop());

  const patch = (sent: Sent, id = NOBODY): Promise<Answer<'problem'>> =>
    api.send('problem', `PATCH /users/${id}`, sent);
  async function exhaust(as: Person): Promise<void> {
    for (;;) if ((await api.send('problem', 'GET /auth/me', { as })).status === 429) return;
  }

  it('401 comes before everything', async () => {
    for (const sent of [MALFORMED, UNTYPED, TOO_LARGE, INVALID]) {
      problemOf(await patch(sent), 401, 'access.unauthenticated');
      problemOf(await patch({ ...sent, as: { accessToken: 'nonsense' } }), 401, 'access.unauthenticated');
    }
  });

  it('403 comes before what the body is, and before 404', async () => {
    for (const sent of [MALFORMED, UNTYPED, TOO_LARGE, INVALID]) {
      problemOf(await patch({ ...sent, as: patient }), 403, 'access.forbidden');
    }
  });

  it('400, 413, 415 and 422 come before 404', async () => {
    problemOf(await patch({ ...MALFORMED, as: admin }), 400, 'request.malformed-json');
    problemOf(await patch({ ...TOO_LARGE, as: admin }), 413, 'request.payload-too-large');
    problemOf(await patch({ ...UNTYPED, as: admin }), 415, 'request.unsupported-media-type');
    problemOf(await patch({ ...INVALID, as: admin }), 422, 'request.invalid');
    problemOf(await patch({ body: { role: 'patient' }, as: admin }), 404, 'request.not-found');
  });

  it('422 and 404 come before 409', async () => {
    const taken = { email: patient.user.email, password: 'short' };
    const weak = await api.send('problem', 'POST /auth/register', { body: taken });
    problemOf(weak, 422, 'identity.password-rejected');
    problemOf(await patch({ ...INVALID, as: admin }, admin.user.id), 422, 'request.invalid');
    problemOf(
      await patch({ body: { isActive: false }, as: admin }, admin.user.id),
      409,
      'identity.last-admin',
    );
  });

  it('429 comes after 401 and 403, and before what the body is', async () => {
    await exhaust(patient);
    problemOf(await patch({ as: { accessToken: 'nonsense' } }), 401, 'access.unauthenticated');
    problemOf(await patch({ ...MALFORMED, as: patient }), 403, 'access.forbidden');
    const own = await api.send('problem', 'PATCH /auth/me', { ...MALFORMED, as: patient });
    problemOf(own, 429, 'request.rate-limited');
    await exhaust(admin);
    for (const sent of [MALFORMED, UNTYPED, TOO_LARGE, INVALID, { body: { role: 'patient' } }]) {
      problemOf(await patch({ ...sent, as: admin }), 429, 'request.rate-limited');
    }
  });

  it('429 comes before what the body is where no credential is needed', async () => {
    const login = (sent: Sent) => api.send('problem', 'POST /auth/login', sent);
    for (let left = true; left;) left = (await login({ body: {} })).status !== 429;
    for (const sent of [
      MALFORMED,
      UNTYPED,
      TOO_LARGE,
      { body: { email: patient.user.email, password: PASSWORD } },
    ]) {
      problemOf(await login(sent), 429, 'request.rate-limited');
    }
  });

  it('404 and 405 of a path come before 401', async () => {
    const unknown = await api.send('problem', 'GET /user');
    problemOf(unknown, 404, 'request.not-found');
    const method = await api.send('problem', 'PUT /users', MALFORMED);
    problemOf(method, 405, 'request.method-not-allowed');
    expect(method.headers.get('allow')).to.equal('GET, HEAD, POST, OPTIONS');
  });
});
