import { expect } from 'chai';
import type { TokensAnswer } from '../../support/api-bodies.ts';
import { type Answer, type Api, type Person, startApi } from '../../support/api.ts';
import { problemOf } from '../../support/problem-of.ts';
import { eventually } from '../../support/eventually.ts';

describe('POST /auth/refresh', () => {
  let api: Api;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());

  const trade = (refreshToken: string): Promise<Answer<'problem'>> =>
    api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
  const traded = (refreshToken: string): Promise<TokensAnswer> =>
    api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
  const sessionOf = async ({ user }: Person) =>
    (await api.sql('SELECT * FROM sessions WHERE user_uuid = $1', [user.id]))[0];
  const tokensOf = ({ user }: Person) =>
    api.sql(
      'SELECT rotated_at FROM refresh_tokens JOIN sessions ON session_uuid = uuid WHERE user_uuid = $1 ORDER BY issued_at',
      [user.id],
    );
  /** Every rotation of the person's tokens was so many seconds earlier. */
  const ageRotations = ({ user }: Person, seconds: number) =>
    api.sql(
      `UPDATE refresh_tokens SET rotated_at = rotated_at - make_interval(secs => $1)
       FROM sessions WHERE session_uuid = uuid AND user_uuid = $2`,
      [seconds, user.id],
    );
  const isRefused = (as: Pick<Person, 'accessToken'>) => async (): Promise<boolean> =>
    (await api.send('problem', 'GET /auth/me', { as })).status === 401;

  describe('200', () => {
    it('gives the tokens of the same session, and nothing else', async () => {
      const person = await api.patient();
      const answer = await api.send('tokens', 'POST /auth/refresh', {
        body: { refreshToken: person.refreshToken },
      });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.have.all.keys(
        'accessToken',
        'tokenType',
        'expiresIn',
        'refreshToken',
        'refreshExpiresIn',
      );
      expect(answer.body).to.include({ tokenType: 'Bearer', expiresIn: 600, refreshExpiresIn: 1_209_600 });
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(answer.body.refreshToken).to.not.equal(person.refreshToken);
      expect(
        (await api.get('sessions', 200, 'GET /auth/sessions', { as: answer.body })).items,
      ).to.have.length(1);
    });

    it('gives forty that come at once the same successor, which is one row', async () => {
      const person = await api.patient();
      const all = await Promise.all(Array.from({ length: 40 }, () => traded(person.refreshToken)));
      expect(new Set(all.map(({ refreshToken }) => refreshToken)).size).to.equal(1);
      expect(await tokensOf(person)).to.have.length(2);
      const [successor] = all;
      await Promise.all(all.slice(0, 5).map((as) => api.get('profile', 200, 'GET /auth/me', { as })));
      expect((await traded(successor!.refreshToken)).refreshToken).to.not.equal(successor!.refreshToken);
    });

    it('gives a retry within ten seconds the same successor, even when that was traded already', async () => {
      const person = await api.patient();
      const first = await traded(person.refreshToken);
      await traded(first.refreshToken);
      await ageRotations(person, 8);
      expect((await traded(person.refreshToken)).refreshToken).to.equal(first.refreshToken);
      expect(await tokensOf(person)).to.have.length(3);
    });

    it('moves the end of the session, and says when it was used last', async () => {
      const person = await api.patient();
      await api.sql(
        "UPDATE sessions SET idle_expires_at = now() + interval '1 minute', last_used_at = now() - interval '1 day' WHERE user_uuid = $1",
        [person.user.id],
      );
      const tokens = await traded(person.refreshToken);
      expect(tokens.refreshExpiresIn).to.equal(1_209_600);
      const { items } = await api.get('sessions', 200, 'GET /auth/sessions', { as: tokens });
      expect(Date.now() - Date.parse(items[0]!.lastUsedAt)).to.be.below(10_000);
    });

    it('goes no further than the end of the session', async () => {
      const person = await api.patient();
      await api.sql("UPDATE sessions SET expires_at = now() + interval '100 seconds' WHERE user_uuid = $1", [
        person.user.id,
      ]);
      expect((await traded(person.refreshToken)).refreshExpiresIn).to.be.within(95, 100);
    });

    it('looks at no access token', async () => {
      const { refreshToken } = await api.patient();
      const headers = { Authorization: 'Bearer nonsense' };
      await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken }, headers });
    });

    it('keeps nothing that a token could be read from', async () => {
      const person = await api.patient();
      const { refreshToken } = await traded(person.refreshToken);
      const [row] = await api.sql(
        `SELECT count(*)::int AS found FROM refresh_tokens WHERE encode(token_hash, 'escape') IN ($1, $2)
         OR token_hash IN ($3, $4)`,
        [
          person.refreshToken,
          refreshToken,
          Buffer.from(person.refreshToken, 'base64url'),
          Buffer.from(refreshToken, 'base64url'),
        ],
      );
      expect(row).to.deep.equal({ found: 0 });
      expect(Buffer.from(refreshToken, 'base64url').length).to.be.at.least(32);
    });
  });

  describe('401 access.refresh-reused', () => {
    it('ends the session when a token comes back after ten seconds, with its access tokens, within one', async () => {
      const person = await api.patient();
      const next = await traded(person.refreshToken);
      await ageRotations(person, 11);
      problemOf(await trade(person.refreshToken), 401, 'access.refresh-reused');
      await eventually(isRefused(person), 1000);
      await eventually(isRefused(next), 1000);
      problemOf(await trade(next.refreshToken), 401, 'access.refresh-invalid');
      problemOf(await trade(person.refreshToken), 401, 'access.refresh-invalid');
      expect(await sessionOf(person)).to.include({ end_reason: 'refresh-reused' });
    });

    it('writes one audit entry, however many come back at once', async () => {
      const person = await api.patient();
      await traded(person.refreshToken);
      await ageRotations(person, 11);
      const answers = await Promise.all(Array.from({ length: 10 }, () => trade(person.refreshToken)));
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([401]));
      const session = await sessionOf(person);
      const entries = await api.sql(
        "SELECT details FROM audit_entries WHERE action = 'access.session-ended' AND subject_id = $1",
        [session?.['uuid']],
      );
      expect(entries).to.deep.equal([{ details: { reason: 'refresh-reused' } }]);
    });

    it('leaves the other sessions of the account alone', async () => {
      const person = await api.patient();
      const other = await api.signIn(person.user.email);
      await traded(person.refreshToken);
      await ageRotations(person, 11);
      problemOf(await trade(person.refreshToken), 401, 'access.refresh-reused');
      await eventually(isRefused(person), 1000);
      await api.get('profile', 200, 'GET /auth/me', { as: other });
      await traded(other.refreshToken);
    });
  });

  describe('401 access.refresh-invalid', () => {
    it('follows what was never a token', async () => {
      const { refreshToken, accessToken } = await api.patient();
      const near = `${refreshToken.slice(0, -1)}${refreshToken.endsWith('A') ? 'B' : 'A'}`;
      for (const token of [
        '',
        'nonsense',
        near,
        `${refreshToken}=`,
        `${refreshToken} `,
        accessToken.slice(0, 900),
      ]) {
        problemOf(await trade(token), 401, 'access.refresh-invalid');
      }
      await traded(refreshToken);
    });

    it('follows the end of the session, of its idle time, and of the account', async () => {
      const ends = [
        "UPDATE sessions SET idle_expires_at = now() - interval '1 second' WHERE user_uuid = $1",
        "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_uuid = $1",
        'UPDATE users SET is_active = false WHERE uuid = $1',
      ];
      for (const end of ends) {
        const { user, refreshToken } = await api.patient();
        await api.sql(end, [user.id]);
        problemOf(await trade(refreshToken), 401, 'access.refresh-invalid');
      }
    });
  });

  it('422 follows a body without the token, with more than it, or of another type', async () => {
    const bodies = [{}, { refreshToken: 1 }, { refreshToken: null }, { refreshToken: 'x'.repeat(1025) }];
    for (const body of bodies) {
      const answer = await api.send('problem', 'POST /auth/refresh', { body });
      expect(problemOf(answer, 422, 'request.invalid').errors?.[0]?.pointer).to.equal('/refreshToken');
    }
    problemOf(await api.send('problem', 'POST /auth/refresh'), 422, 'request.invalid');
    const { refreshToken } = await api.patient();
    const extra = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken, scope: 'admin' } });
    expect(problemOf(extra, 422, 'request.invalid').errors?.[0]?.pointer).to.equal('/scope');
  });

  it('carries on with the role that the account has by then', async () => {
    const admin = await api.member('admin');
    const person = await api.patient();
    const request = `PATCH /users/${person.user.id}`;
    await api.get('user', 200, request, { as: admin, body: { role: 'physician' } });
    const next = await traded(person.refreshToken);
    expect(next.refreshExpiresIn).to.be.at.most(3600);
    const { user } = await api.get('profile', 200, 'GET /auth/me', { as: next });
    expect(user.role).to.equal('physician');
    problemOf(
      await api.send('problem', 'POST /cases', { as: next, body: { language: 'en', question: 'May I?' } }),
      403,
      'access.forbidden',
    );
  });
});
