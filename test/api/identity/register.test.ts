import { expect } from 'chai';
import { type Answer, type Api, newEmail, PASSWORD, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('POST /auth/register', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const register = (body: unknown): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/register', { body });
  const registered = (body: unknown) => api.get('registered', 201, 'POST /auth/register', { body });

  describe('201', () => {
    it('makes a patient and signs him in: the user and the tokens, and nothing else', async () => {
      const email = newEmail();
      const answer = await api.send('registered', 'POST /auth/register', {
        body: { email, password: PASSWORD },
      });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.have.all.keys(
        ...['user', 'accessToken', 'tokenType', 'expiresIn', 'refreshToken', 'refreshExpiresIn'],
      );
      const { user } = answer.body;
      expect(user).to.have.all.keys(
        ...['id', 'email', 'role', 'tenantId', 'isActive', 'emailVerified', 'language', 'createdAt'],
      );
      expect(user).to.include({
        email,
        role: 'patient',
        tenantId: (await api.sql("SELECT uuid FROM tenants WHERE slug = 'default'"))[0]?.['uuid'],
        isActive: true,
        emailVerified: false,
        language: 'en',
      });
      expect(Math.abs(Date.now() - Date.parse(user.createdAt))).to.be.below(60_000);
      expect(user.createdAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(await api.get('profile', 200, 'GET /auth/me', { as: answer.body })).to.deep.equal({ user });
    });

    it('keeps the password as argon2id, and the address in lower case', async () => {
      const email = newEmail();
      const { user } = await registered({ email: email.toUpperCase(), password: PASSWORD });
      expect(user.email).to.equal(email);
      const [row] = await api.sql('SELECT email, password_hash FROM users WHERE uuid = $1', [user.id]);
      expect(row?.['email']).to.equal(email);
      expect(row?.['password_hash']).to.match(/^\$argon2id\$v=19\$/);
    });

    it('takes a language in any spelling, and gives it in its canonical form', async () => {
      for (const [language, canonical] of [
        ['he', 'he'],
        ['iw', 'he'],
        ['EN-us', 'en-US'],
        ['zh-hant-tw', 'zh-Hant-TW'],
      ]) {
        const { user } = await registered({ email: newEmail(), password: PASSWORD, language });
        expect(user.language).to.equal(canonical);
      }
    });

    it('takes passwords of 8 characters up to 1,024 octets, of any script', async () => {
      const passwords = [
        'q7-Vexol',
        'שמש על הים',
        '🦊🐢🦉🐝🦋🐞🦎🐙',
        'ab cd'.repeat(40),
        'é'.repeat(256) + 'ö'.repeat(256),
      ];
      for (const password of passwords) {
        const email = newEmail();
        await registered({ email, password });
        await api.signIn(email, 'default', password);
      }
    });

    it('takes an address again in another tenant', async () => {
      const elsewhere = await api.tenant();
      const email = newEmail();
      const here = await registered({ email, password: PASSWORD });
      const there = await registered({ email, password: PASSWORD, tenant: elsewhere.slug });
      expect(there.user.tenantId).to.equal(elsewhere.id);
      expect(there.user.id).to.not.equal(here.user.id);
      expect((await api.signIn(email)).user.id).to.equal(here.user.id);
      expect((await api.signIn(email, elsewhere.slug)).user.id).to.equal(there.user.id);
    });
  });

  describe('409 identity.email-taken', () => {
    it('follows an address that has an account, in any case', async () => {
      const { user } = await api.patient();
      for (const email of [user.email, user.email.toUpperCase()]) {
        problemOf(await register({ email, password: PASSWORD }), 409, 'identity.email-taken');
      }
      await api.signIn(user.email);
    });

    it('meets nineteen of twenty that come at once', async () => {
      const email = newEmail();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          register({ email: n % 2 ? email : email.toUpperCase(), password: PASSWORD }),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 409)).to.have.length(19);
      const [row] = await api.sql(
        `SELECT count(DISTINCT users.uuid)::int AS users, count(sessions.uuid)::int AS sessions
         FROM users LEFT JOIN sessions ON user_uuid = users.uuid WHERE email = $1`,
        [email],
      );
      expect(row).to.deep.equal({ users: 1, sessions: 1 });
    });
  });

  describe('422', () => {
    it('identity.password-rejected says why, at the field, and never the password', async () => {
      const email = 'second.opinion@clinic-desk.example';
      const rejected: readonly (readonly [string, RegExp])[] = [
        ['', /too short/],
        ['q7-Vexo', /at least 8/],
        ['🦊🐢🦉🐝', /too short/],
        ['e\u0301'.repeat(7), /too short/],
        ['password1', /common/],
        ['PASSWORD1', /common/],
        ['12345678', /common/],
        ['aaaaaaaaaaaa', /common/],
        ['casegate', /address or the name/],
        ['second.opinion', /address or the name/],
        ['Clinic-Desk1', /address or the name/],
        [email, /address or the name/],
        ['x'.repeat(1025), /too long/],
        ['é'.repeat(513), /too long/],
      ];
      for (const [password, reason] of rejected) {
        const answer = await register({ email, password });
        const { detail, errors } = problemOf(answer, 422, 'identity.password-rejected');
        expect(detail).to.match(reason);
        expect(errors).to.deep.equal([{ pointer: '/password', detail }]);
        if (password.length > 8) expect(answer.text).to.not.contain(password);
      }
    });

    it('has no rules on what a password is composed of', async () => {
      for (const password of ['correct horse battery', 'nulldreivierachtneun', '4829 1057 3361']) {
        await registered({ email: newEmail(), password });
      }
    });

    it('request.invalid names each field that is missing, or of the wrong form', async () => {
      const good = { email: newEmail(), password: PASSWORD };
      const bodies: readonly (readonly [unknown, readonly string[]])[] = [
        [{}, ['/email', '/password']],
        [[], ['']],
        [{ ...good, email: undefined }, ['/email']],
        [{ ...good, email: 'nobody' }, ['/email']],
        [{ ...good, email: ['a@example.org'] }, ['/email']],
        [{ ...good, email: `${'x'.repeat(250)}@example.org` }, ['/email']],
        [{ ...good, email: 'a@b@example.org' }, ['/email']],
        [{ ...good, email: 'a b@example.org' }, ['/email']],
        [{ ...good, password: 12345678 }, ['/password']],
        [{ ...good, password: null }, ['/password']],
        [{ ...good, tenant: 1 }, ['/tenant']],
        [{ ...good, language: 'klingonish-language' }, ['/language']],
        [{ ...good, language: '' }, ['/language']],
      ];
      for (const [body, pointers] of bodies) {
        const { errors = [] } = problemOf(await register(body), 422, 'request.invalid');
        expect(
          errors.map(({ pointer }) => pointer),
          JSON.stringify(body),
        ).to.deep.equal(pointers);
      }
    });

    it('request.invalid refuses every field that is not for the client to set', async () => {
      const good = { email: newEmail(), password: PASSWORD };
      const fields = [
        'role',
        'tenantId',
        'tenant_uuid',
        'isActive',
        'emailVerified',
        'id',
        'passwordHash',
        'tokenEpoch',
      ];
      for (const field of fields) {
        const answer = await register({ ...good, [field]: 'admin' });
        const { errors = [] } = problemOf(answer, 422, 'request.invalid');
        expect(errors.map(({ pointer }) => pointer)).to.deep.equal([`/${field}`]);
      }
      for (const name of ['__proto__', 'constructor', 'prototype']) {
        const octets = `{"email":"${good.email}","password":"${PASSWORD}","${name}":{"role":"admin"}}`;
        const headers = { 'Content-Type': 'application/json' };
        problemOf(
          await api.send('problem', 'POST /auth/register', { octets, headers }),
          422,
          'request.invalid',
        );
      }
      expect(await api.sql('SELECT FROM users WHERE email = $1', [good.email])).to.be.empty;
    });

    it('tenancy.unknown-tenant points at the tenant', async () => {
      for (const tenant of ['nowhere', 'DEFAULT', '', 'default ']) {
        const answer = await register({ email: newEmail(), password: PASSWORD, tenant });
        const { errors } = problemOf(answer, 422, 'tenancy.unknown-tenant');
        expect(errors?.[0]?.pointer).to.equal('/tenant');
      }
    });
  });

  it("follows the tenant's own policy on the length of passwords", async () => {
    const strict = await api.tenant({ passwordPolicy: { minLength: 20 } });
    const short = { email: newEmail(), password: 'nineteen characters', tenant: strict.slug };
    problemOf(await register(short), 422, 'identity.password-rejected');
    await registered({ ...short, password: 'nineteen characters.' });
  });
});
