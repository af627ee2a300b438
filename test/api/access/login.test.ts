import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('POST /auth/login', () => {
  let api: Api;
  let person: Person;
  before(async () => {
    api = await startApi();
    person = await api.patient();
  });
  after(() => api.stop());

  const login = (body: unknown, headers = {}): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/login', { body, headers });

  describe('200', () => {
    it('opens a session: the kind, the user and the tokens, and nothing else', async () => {
      const { email } = person.user;
      const body = { email, password: PASSWORD };
      const answer = await api.send('signedIn', 'POST /auth/login', { body });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.have.all.keys(
        'kind',
        'user',
        'accessToken',
        'tokenType',
        'expiresIn',
        'refreshToken',
        'refreshExpiresIn',
      );
      expect(answer.body).to.deep.include({
        kind: 'signed-in',
        tokenType: 'Bearer',
        expiresIn: 600,
        refreshExpiresIn: 14 * 24 * 3600,
        user: person.user,
      });
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(answer.headers.has('set-cookie')).to.be.false;
      await api.get('profile', 200, 'GET /auth/me', { as: answer.body });
    });

    it('takes the address in any case', async () => {
      const signedIn = await api.signIn(person.user.email.toUpperCase());
      expect(signedIn.user).to.deep.equal(person.user);
    });

    it('takes the default tenant by its name', async () => {
      expect((await api.signIn(person.user.email, 'default')).user.id).to.equal(person.user.id);
    });

    it('takes a password in either form of Unicode', async () => {
      const email = newEmail();
      const password = 'caf\u00e9 au lait, chaud';
      await api.get('registered', 201, 'POST /auth/register', { body: { email, password } });
      await api.signIn(email, 'default', password.normalize('NFD'));
    });

    it('gives staff a session of an hour without use', async () => {
      const admin = await api.member('admin');
      const body = { email: admin.user.email, password: PASSWORD };
      const answer = await api.get('signedIn', 200, 'POST /auth/login', { body });
      expect(answer.refreshExpiresIn).to.equal(3600);
    });

    it('opens as many sessions at once as there are devices', async () => {
      const { email } = (await api.patient()).user;
      const signedIn = await Promise.all(Array.from({ length: 8 }, () => api.signIn(email)));
      expect(new Set(signedIn.map(({ refreshToken }) => refreshToken)).size).to.equal(8);
    });
  });

  describe('401', () => {
    const parts = (answer: Answer<'problem'>) => {
      const { requestId, instance, ...body } = problemOf(answer, 401, 'access.invalid-credentials');
      expect(instance).to.contain(requestId);
      const headers = [...answer.headers].filter(
        ([name]) => !['x-request-id', 'date', 'ratelimit'].includes(name),
      );
      return { body, headers, length: answer.text.length };
    };

    it('is one and the same for an unknown account, a wrong password, a disabled account and a wrong tenant', async () => {
      const disabled = await api.patient();
      await api.sql('UPDATE users SET is_active = false WHERE uuid = $1', [disabled.user.id]);
      const elsewhere = await api.tenant();
      const { email } = person.user;
      const wrong = parts(await login({ email, password: 'not the password' }));
      const others = [
        { email: newEmail(), password: PASSWORD },
        { email: disabled.user.email, password: PASSWORD },
        { email: disabled.user.email, password: 'not the password' },
        { email, password: PASSWORD, tenant: elsewhere.slug },
        { email, password: PASSWORD, tenant: 'no-such-tenant' },
        { email, password: PASSWORD, tenant: 'NO SUCH TENANT' },
        { email, password: '' },
        { email, password: 'x'.repeat(1025) },
      ];
      for (const body of others) expect(parts(await login(body)), JSON.stringify(body)).to.deep.equal(wrong);
      expect(wrong.headers).to.deep.include(['www-authenticate', 'Bearer']);
    });

    it('follows an account without a password as well', async () => {
      const { user } = await api.patient();
      await api.sql('UPDATE users SET password_hash = NULL WHERE uuid = $1', [user.id]);
      problemOf(await login({ email: user.email, password: PASSWORD }), 401, 'access.invalid-credentials');
    });

    it('follows when the tenant does not exist and when it does, for the same address, in the same number of tries', async () => {
      const email = newEmail();
      for (const tenant of ['default', 'nobody-here']) {
        for (let failures = 0; failures < 10; failures += 1) {
          problemOf(await login({ email, password: 'wrong', tenant }), 401, 'access.invalid-credentials');
        }
        problemOf(await login({ email, password: 'wrong', tenant }), 429, 'request.rate-limited');
      }
    });
  });

  describe('422', () => {
    const pointers = async (body: unknown): Promise<readonly string[]> => {
      const { errors = [] } = problemOf(await login(body), 422, 'request.invalid');
      return errors.map(({ pointer }) => pointer);
    };

    it('names each field that is missing, unknown or of another type', async () => {
      expect(await pointers({})).to.have.members(['/email', '/password']);
      expect(await pointers({ email: 1, password: [] })).to.have.members(['/email', '/password']);
      expect(await pointers({ email: 'nobody', password: 'x' })).to.deep.equal(['/email']);
      const body = { email: newEmail(), password: PASSWORD };
      for (const field of ['role', 'userId', 'tenantId', 'remember']) {
        expect(await pointers({ ...body, [field]: 'admin' })).to.deep.equal([`/${field}`]);
      }
      expect(await pointers({ ...body, tenant: null })).to.deep.equal(['/tenant']);
    });

    it('is no failed attempt', async () => {
      const { email } = (await api.patient()).user;
      for (let tries = 0; tries < 12; tries += 1) await pointers({ email, password: 1 });
      await api.signIn(email);
    });
  });

  it('takes about as long for an address without an account as for a wrong password', async function () {
    this.timeout(30_000);
    const costly = await startApi({ ARGON2_MEMORY_KIB: '19456', ARGON2_PASSES: '2' });
    const timed = async (email: string): Promise<number> => {
      const begun = performance.now();
      await costly.send('problem', 'POST /auth/login', { body: { email, password: 'wrong guess' } });
      return performance.now() - begun;
    };
    try {
      const { email } = (await costly.patient()).user;
      const known: number[] = [];
      const unknown: number[] = [];
      for (let tries = 0; tries < 9; tries += 1) {
        known.push(await timed(email));
        unknown.push(await timed(newEmail()));
      }
      expect(median(unknown) / median(known)).to.be.within(0.5, 2);
    } finally {
      await costly.stop();
    }
  });
});

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
