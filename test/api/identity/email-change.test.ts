import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { comparable } from '../../support/comparable.ts';
import { problemOf } from '../../support/problem-of.ts';
import { withOldProof } from '../../support/with-old-proof.ts';

describe('POST /auth/email/change', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const change = (as: Pick<Person, 'accessToken'>, email: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/email/change', { as, body: { email } });
  const verify = (token: string): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/email/verify', { body: { token } });
  const emailOf = async (as: Person): Promise<string> =>
    (await api.get('profile', 200, 'GET /auth/me', { as })).user.email;

  it('202 mails a link to the new address and tells the old one; the old one counts until the link is used', async () => {
    const person = await api.patient();
    const { email: former } = person.user;
    const next = newEmail();
    const answer = await change(person, next.toUpperCase());
    expect([answer.status, answer.body]).to.deep.equal([202, { status: 'accepted' }]);
    const { token } = await api.mail.next('confirm-email-change', next);
    await api.mail.next('email-change-requested', former);
    expect(await emailOf(person)).to.equal(former);
    await api.signIn(former);
    expect((await verify(token)).status).to.equal(204);
    await api.mail.next('email-changed', former);
    const { user } = await api.get('profile', 200, 'GET /auth/me', { as: person });
    expect(user).to.include({ email: next, emailVerified: true });
    await api.signIn(next);
    const old = await api.send('problem', 'POST /auth/login', {
      body: { email: former, password: PASSWORD },
    });
    problemOf(old, 401, 'access.invalid-credentials');
    problemOf(await verify(token), 400, 'access.token-invalid');
  });

  it('202 is the same for an address that has an account, whose owner is told; nothing changes', async () => {
    const person = await api.patient();
    const other = await api.patient();
    const answers = [await change(person, newEmail()), await change(person, other.user.email)];
    expect(new Set(answers.map(comparable)).size).to.equal(1);
    await api.mail.next('already-registered', other.user.email);
    expect(await emailOf(person)).to.equal(person.user.email);
    expect(await emailOf(other)).to.equal(other.user.email);
  });

  it('goes by the latest one that was asked for', async () => {
    const person = await api.patient();
    const [first, second] = [newEmail(), newEmail()];
    await change(person, first);
    const former = (await api.mail.next('confirm-email-change', first)).token;
    await change(person, second);
    const latest = (await api.mail.next('confirm-email-change', second)).token;
    problemOf(await verify(former), 400, 'access.token-invalid');
    expect((await verify(latest)).status).to.equal(204);
    expect(await emailOf(person)).to.equal(second);
  });

  it('409 at the link, where somebody else has got the address meanwhile', async () => {
    const person = await api.patient();
    const wanted = newEmail();
    await change(person, wanted);
    const { token } = await api.mail.next('confirm-email-change', wanted);
    await api.get('registered', 201, 'POST /auth/register', { body: { email: wanted, password: PASSWORD } });
    problemOf(await verify(token), 409, 'identity.email-taken');
    expect(await emailOf(person)).to.equal(person.user.email);
  });

  it('makes links that were mailed to the old address worthless', async () => {
    const person = await api.patient();
    const { email: former } = person.user;
    await api.get('status', 202, 'POST /auth/password/forgot', { body: { email: former } });
    const { token } = await api.mail.next('reset-password', former);
    const next = newEmail();
    await change(person, next);
    await verify((await api.mail.next('confirm-email-change', next)).token);
    const reset = await api.send('problem', 'POST /auth/password/reset', {
      body: { token, newPassword: 'a lantern for the harbour' },
    });
    problemOf(reset, 400, 'access.token-invalid');
  });

  it('403 access.step-up-required without a recent proof', async () => {
    const person = await api.patient();
    const stale = await withOldProof(api, person);
    problemOf(await change(stale, newEmail()), 403, 'access.step-up-required');
    const body = { password: PASSWORD };
    const fresh = await api.get('steppedUp', 200, 'POST /auth/step-up', { as: stale, body });
    expect((await change(fresh, newEmail())).status).to.equal(202);
  });

  it('422 for what is no address', async () => {
    const person = await api.patient();
    for (const email of ['ada', '', null, 'a@b', `${'a'.repeat(250)}@example.org`]) {
      const { errors } = problemOf(await change(person, email), 422, 'request.invalid');
      expect(errors?.[0]?.pointer).to.equal('/email');
    }
  });
});
