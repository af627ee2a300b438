import { expect } from 'chai';
import { type Answer, type Api, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

describe('A change of an account', () => {
  let api: Api;
  let admin: Person;
  before(async () => {
    api = await startApi();
    admin = await api.member('admin');
  });
  after(() => api.stop());

  const patch = (as: Person, { user }: Person, body: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', `PATCH /users/${user.id}`, { as, body });
  const changed = async (person: Person, body: unknown): Promise<void> => {
    expect((await patch(admin, person, body)).status).to.equal(200);
  };
  const isRefused = (as: Pick<Person, 'accessToken'>) => async (): Promise<boolean> =>
    (await api.send('problem', 'GET /auth/me', { as })).status === 401;

  it('of its activity ends its sessions within a second, for good', async () => {
    const person = await api.patient();
    const other = await api.signIn(person.user.email);
    await changed(person, { isActive: false });
    for (const { accessToken, refreshToken } of [person, other]) {
      await eventually(isRefused({ accessToken }), 1000);
      const answer = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
      problemOf(answer, 401, 'access.refresh-invalid');
    }
    const { email } = person.user;
    const login = await api.send('problem', 'POST /auth/login', { body: { email, password: PASSWORD } });
    problemOf(login, 401, 'access.invalid-credentials');
    await changed(person, { isActive: true });
    expect(await isRefused(person)()).to.be.true;
    await api.signIn(email);
  });

  it('of its role refuses the access tokens before it within a second; a refresh gives the new role', async () => {
    const person = await api.patient();
    await changed(person, { role: 'admin' });
    await eventually(isRefused(person), 1000);
    const { refreshToken } = person;
    const next = await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    await api.get('users', 200, 'GET /users', { as: next });
    await changed(person, { role: 'patient' });
    await eventually(isRefused(next), 1000);
    const last = await api.get('tokens', 200, 'POST /auth/refresh', {
      body: { refreshToken: next.refreshToken },
    });
    problemOf(await api.send('problem', 'GET /users', { as: last }), 403, 'access.forbidden');
  });

  it('that changes nothing leaves its sessions alone', async () => {
    const person = await api.patient();
    await changed(person, { role: 'patient', isActive: true });
    expect(await isRefused(person)()).to.be.false;
  });

  describe('of an admin', () => {
    /** A tenant with so many admins, and nobody else. */
    const adminsOf = async (count: number): Promise<readonly Person[]> => {
      const { slug } = await api.tenant();
      return Promise.all(Array.from({ length: count }, () => api.member('admin', slug)));
    };
    const activeAdmins = async ({ user }: Person) =>
      (
        await api.sql("SELECT uuid FROM users WHERE tenant_uuid = $1 AND role = 'admin' AND is_active", [
          user.tenantId,
        ])
      ).length;

    it('409 identity.last-admin where no other would be left', async () => {
      const [only] = await adminsOf(1);
      for (const body of [{ role: 'patient' }, { isActive: false }, { role: 'physician', isActive: false }]) {
        problemOf(await patch(only!, only!, body), 409, 'identity.last-admin');
      }
      expect(await isRefused(only!)()).to.be.false;
    });

    it('counts neither disabled admins nor those of other tenants', async () => {
      const [first, second] = await adminsOf(2);
      expect((await patch(first!, second!, { isActive: false })).status).to.equal(200);
      problemOf(await patch(first!, first!, { role: 'patient' }), 409, 'identity.last-admin');
    });

    it('leaves one, however many are demoted at once', async () => {
      for (let rounds = 0; rounds < 5; rounds += 1) {
        const admins = await adminsOf(4);
        const answers = await Promise.all(
          admins.map((target, n) =>
            patch(admins[(n + 1) % 4]!, target, n % 2 ? { isActive: false } : { role: 'patient' }),
          ),
        );
        expect(await activeAdmins(admins[0]!)).to.be.at.least(1);
        expect(answers.map(({ status }) => status)).to.satisfy((statuses: number[]) =>
          statuses.every((status) => [200, 401, 409].includes(status)),
        );
      }
    });

    it('leaves one where both of two demote themselves', async () => {
      for (let rounds = 0; rounds < 5; rounds += 1) {
        const admins = await adminsOf(2);
        const answers = await Promise.all(admins.map((self) => patch(self, self, { role: 'patient' })));
        expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, 409]);
        expect(await activeAdmins(admins[0]!)).to.equal(1);
      }
    });
  });
});
