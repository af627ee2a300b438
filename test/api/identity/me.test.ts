import { expect } from 'chai';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';

describe('/auth/me', () => {
  let api: Api;
  let person: Person;
  before(async () => {
    api = await startApi();
    person = await api.patient();
  });
  after(() => api.stop());

  const patch = (body: unknown, as = person): Promise<Answer<'problem'>> =>
    api.send('problem', 'PATCH /auth/me', { as, body });

  describe('GET', () => {
    it('200 is the account of whoever asks', async () => {
      expect(await api.get('profile', 200, 'GET /auth/me', { as: person })).to.deep.equal({
        user: person.user,
      });
    });

    it('200 has what the account is as a giver of opinions', async () => {
      const physician = await api.member('physician');
      const { id, tenantId } = physician.user;
      const now = new Date();
      await api.sql(
        `INSERT INTO physicians (uuid, tenant_uuid, user_uuid, language_preference, languages, created_at, updated_at)
         VALUES (gen_random_uuid(), $1, $2, 'he', '{he,en}', $3, $3)`,
        [tenantId, id, now],
      );
      const profile = await api.send('nothing', 'GET /auth/me', { as: physician });
      expect(profile.body).to.have.all.keys('user', 'physician');
      expect((profile.body as Readonly<Record<string, unknown>>)['physician']).to.deep.include({
        userId: id,
        languagePreference: 'he',
        languages: ['he', 'en'],
        privatePool: null,
        vacationMode: false,
        maxOpenCases: 10,
      });
    });

    it('401 without a credential', async () => {
      const answer = await api.send('problem', 'GET /auth/me');
      problemOf(answer, 401, 'access.unauthenticated');
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
    });
  });

  describe('PATCH', () => {
    it('200 changes the language, and nothing else', async () => {
      const as = await api.patient();
      const changed = await api.get('profile', 200, 'PATCH /auth/me', { as, body: { language: 'IW' } });
      expect(changed.user).to.deep.equal({ ...as.user, language: 'he' });
      expect(await api.get('profile', 200, 'GET /auth/me', { as })).to.deep.equal(changed);
    });

    it('422 refuses every other field', async () => {
      for (const field of ['role', 'tenantId', 'isActive', 'email', 'emailVerified', 'id', 'password']) {
        const { errors = [] } = problemOf(
          await patch({ language: 'fr', [field]: 'admin' }),
          422,
          'request.invalid',
        );
        expect(errors.map(({ pointer }) => pointer)).to.deep.equal([`/${field}`]);
      }
      expect(await api.get('profile', 200, 'GET /auth/me', { as: person })).to.deep.equal({
        user: person.user,
      });
    });

    it('200 changes nothing where nothing is named', async () => {
      const answer = await api.get('profile', 200, 'PATCH /auth/me', { as: person, body: {} });
      expect(answer).to.deep.equal({ user: person.user });
    });

    it('422 for a language that is none, and for no body', async () => {
      for (const language of ['x', '', 7, null, ['en']]) {
        const { errors } = problemOf(await patch({ language }), 422, 'request.invalid');
        expect(errors?.[0]?.pointer).to.equal('/language');
      }
      problemOf(await patch(undefined), 422, 'request.invalid');
    });

    it('401 without a credential', async () => {
      const answer = await api.send('problem', 'PATCH /auth/me', { body: { language: 'fr' } });
      problemOf(answer, 401, 'access.unauthenticated');
    });

    it('lets changes that come at once end in one of them', async () => {
      const as = await api.patient();
      const answers = await Promise.all(
        ['fr', 'de', 'it', 'es', 'pt'].map((language) => patch({ language }, as)),
      );
      const kept = answers.filter(({ status }) => status === 200).length;
      expect(kept).to.be.at.least(1);
      expect(answers.filter(({ status }) => status === 409)).to.have.length(5 - kept);
    });
  });
});
