import { expect } from 'chai';
import { type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { type CaseDesk, caseDesk, QUESTION } from '../../support/case-desk.ts';
import { problemOf } from '../../support/problem-of.ts';

const CASE = { language: 'en', question: QUESTION };
const TOKENS = ['accessToken', 'tokenType', 'expiresIn', 'refreshToken', 'refreshExpiresIn'];

/** A case that somebody without an account has submitted, and what shows it. */
async function submit(api: Api): Promise<{ readonly id: string; readonly receipt: string }> {
  const { case: made, receipt = '' } = await api.get('case', 201, 'POST /cases', { body: CASE });
  return { id: made.id, receipt };
}

describe('Anonymous cases that come along', () => {
  let api: Api;
  let desk: CaseDesk;
  before(async () => {
    api = await startApi();
    desk = caseDesk(api);
  });
  after(() => api.stop());

  const register = (receipts: readonly string[], given = {}) =>
    api.get('registered', 201, 'POST /auth/register', {
      body: { email: newEmail(), password: PASSWORD, receipts, ...given },
    });
  const login = (email: string, receipts: readonly string[], given = {}) =>
    api.get('signedIn', 200, 'POST /auth/login', {
      body: { email, password: PASSWORD, receipts, ...given },
    });
  const stateOf = async (receipt: string): Promise<string> =>
    (await api.get('receipt', 200, 'POST /cases/receipts', { body: { receipt } })).state;

  it('with a registration are the new patient’s: 201 with their ids', async () => {
    const [one, two] = [await submit(api), await submit(api)];
    const registered = await register([one.receipt, two.receipt, 'nonsense']);
    expect(registered).to.have.all.keys('user', 'adopted', ...TOKENS);
    expect(registered.adopted).to.have.members([one.id, two.id]);
    for (const { id } of [one, two]) {
      expect(await desk.read(id, registered)).to.include({ question: QUESTION });
    }
  });

  it('with a sign-in are the patient’s: 200 with their ids', async () => {
    const { id, receipt } = await submit(api);
    const { user } = await api.patient();
    const signedIn = await login(user.email, [receipt]);
    expect(signedIn).to.have.all.keys('kind', 'user', 'adopted', ...TOKENS);
    expect(signedIn.adopted).to.deep.equal([id]);
    expect(await desk.read(id, signedIn)).to.include({ question: QUESTION, version: 2 });
    expect((await login(user.email, [receipt])).adopted).to.deep.equal([]);
    expect(await login(user.email, [])).to.deep.include({ adopted: [] });
  });

  it('are adopted once by ten who sign up, sign in and ask at once', async () => {
    const { id, receipt } = await submit(api);
    const { user } = await api.patient();
    const others = await Promise.all(Array.from({ length: 4 }, () => api.patient()));
    const adopted = await Promise.all([
      ...Array.from({ length: 3 }, () => register([receipt])),
      ...Array.from({ length: 3 }, () => login(user.email, [receipt])),
      ...others.map((as) =>
        api.get('adopted', 200, 'POST /cases/adopt', { as, body: { receipts: [receipt] } }),
      ),
    ]);
    expect(adopted.flatMap((answer) => answer.adopted ?? [])).to.deep.equal([id]);
    const [row] = await api.sql(
      'SELECT version, patient_uuid IS NOT NULL AS owned FROM cases WHERE uuid = $1',
      [id],
    );
    expect(row).to.deep.equal({ version: 2, owned: true });
  });

  it('are left alone by staff, in other tenants, and by whoever is refused', async () => {
    const { receipt } = await submit(api);
    const { slug } = await api.tenant();
    const admin = await api.member('admin');
    expect((await login(admin.user.email, [receipt])).adopted).to.deep.equal([]);
    expect((await register([receipt], { tenant: slug })).adopted).to.deep.equal([]);
    const { user } = await api.patient();
    const wrong = { email: user.email, password: 'not the password', receipts: [receipt] };
    const refused = await api.send('problem', 'POST /auth/login', { body: wrong });
    problemOf(refused, 401, 'access.invalid-credentials');
    const taken = { email: user.email, password: PASSWORD, receipts: [receipt] };
    const again = await api.send('problem', 'POST /auth/register', { body: taken });
    problemOf(again, 409, 'identity.email-taken');
    expect(await stateOf(receipt)).to.equal('queued');
  });

  it('422 for what is no list of receipts, before anything else', async () => {
    const { user } = await api.patient();
    for (const path of ['/auth/login', '/auth/register']) {
      for (const receipts of ['nonsense', [''], [7], null, Array.from({ length: 21 }, () => 'nonsense')]) {
        const body = { email: user.email, password: PASSWORD, receipts };
        problemOf(await api.send('problem', `POST ${path}`, { body }), 422, 'request.invalid');
      }
    }
  });
});

describe('Anonymous cases that come along where addresses are confirmed', () => {
  let api: Api;
  before(async () => {
    api = await startApi({ EMAIL_VERIFICATION: 'required' });
  });
  after(() => api.stop());

  it('are left alone by the registration, and adopted by the first sign-in', async () => {
    const { id, receipt } = await submit(api);
    const body = { email: newEmail(), password: PASSWORD, receipts: [receipt] };
    const registered = await api.get('status', 202, 'POST /auth/register', { body });
    expect(registered).to.deep.equal({ status: 'verification-sent' });
    const early = await api.send('problem', 'POST /auth/login', { body });
    problemOf(early, 403, 'identity.email-not-verified');
    const { token } = await api.mail.next('verify-email', body.email);
    await api.get('nothing', 204, 'POST /auth/email/verify', { body: { token } });
    expect((await api.get('signedIn', 200, 'POST /auth/login', { body })).adopted).to.deep.equal([id]);
  });
});
