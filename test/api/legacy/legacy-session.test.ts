import { expect } from 'chai';
import { sign } from 'cookie-signature';
import { type Api, type Person, PUBLIC_URL, startApi } from '../../support/api.ts';
import { enrolApp } from '../../support/authenticator-app.ts';
import { eventually } from '../../support/eventually.ts';
import { problemOf } from '../../support/problem-of.ts';
import { answerChallenge } from '../../support/second-factor-client.ts';
import type { ProcessEnv } from '../../support/service-process.ts';

const [OLD, NEW] = ['the secret of last year', 'the secret of this year'];
const ZONE = 'America/New_York';
const HOUR = 3600;
const ROUTE = 'POST /auth/legacy-session';

const ENV = {
  LEGACY_SESSION_SECRETS: `${NEW}, ${OLD}`,
  LEGACY_SESSION_TIME_ZONE: ZONE,
  LEGACY_SESSION_SUBJECT: '/who/user',
};

interface Given {
  readonly columnSeconds?: number;
  readonly cookieSeconds?: number;
  readonly secret?: string;
  readonly user?: unknown;
}

let lastNumber = 0;
const newId = (): string => `U-${String((lastNumber += 1))}`;

describe(ROUTE, () => {
  let api: Api;

  /** Signs somebody in at the legacy service, and gives his cookie there, as browsers send it. */
  async function legacySignIn(given: Given = {}, on = api): Promise<{ sid: string; cookie: string }> {
    const { columnSeconds = HOUR, cookieSeconds = HOUR, secret = NEW, user = { id: newId() } } = given;
    const sid = `sid.of-${newId()}`;
    const expires = new Date(Date.now() + cookieSeconds * 1000).toISOString();
    await on.sql(
      `INSERT INTO nest_sessions (sid, sess, expire)
        VALUES ($1, $2, (now() + make_interval(secs => $3)) AT TIME ZONE $4)`,
      [sid, JSON.stringify({ cookie: { expires }, who: { user } }), columnSeconds, ZONE],
    );
    return { sid, cookie: encodeURIComponent(`s:${sign(sid, secret)}`) };
  }
  const exchange = (body: object, headers: Readonly<Record<string, string>> = {}) =>
    api.send('problem', ROUTE, { body, headers });

  /** A patient who has linked a legacy user id by a session of that user. */
  async function linked(patient: Person, id: string, vendorId = 'a-fund'): Promise<void> {
    const { cookie } = await legacySignIn({ user: { id, vendorId } });
    const { linkTicket: ticket } = problemOf(await exchange({ cookie }), 409, 'legacy.link-required');
    const claim = { vendorId, kind: 'legacy_user_id', identifier: id };
    const { linkId } = await api.get('legacyClaimed', 202, 'POST /legacy/links', {
      as: patient,
      body: claim,
    });
    const body = { method: 'session', ticket };
    await api.get('legacyProven', 200, `POST /legacy/links/${linkId}/proof`, { as: patient, body });
  }
  async function newLinked(): Promise<{ patient: Person; user: { id: string; vendorId: string } }> {
    const [patient, id] = [await api.patient(), newId()];
    await linked(patient, id);
    return { patient, user: { id, vendorId: 'a-fund' } };
  }

  before(async () => {
    api = await startApi(ENV);
  });
  after(() => api.stop());

  describe('200', () => {
    it('signs in the linked account, for no longer than the legacy session lives by either of its times', async () => {
      const { patient, user } = await newLinked();
      for (const given of [{ columnSeconds: 120 }, { cookieSeconds: 120 }]) {
        const { cookie } = await legacySignIn({ ...given, user });
        const body = await api.get('signedIn', 200, ROUTE, { body: { cookie } });
        expect(body.user.id).to.equal(patient.user.id);
        expect(body.refreshExpiresIn).to.be.within(110, 120);
        expect(body.expiresIn).to.be.within(110, 120);
        const sessions = await api.get('sessions', 200, 'GET /auth/sessions', { as: body });
        expect(sessions.items.find(({ current }) => current)).to.deep.include({ amr: ['legacy_session'] });
      }
    });

    it('takes the cookie of either secret, encoded or not, with its name or not', async () => {
      const { patient, user } = await newLinked();
      for (const secret of [OLD, NEW]) {
        const { cookie } = await legacySignIn({ user, secret });
        for (const form of [cookie, decodeURIComponent(cookie), `connect.sid=${cookie}`]) {
          const body = await api.get('signedIn', 200, ROUTE, { body: { cookie: form } });
          expect(body.user.id).to.equal(patient.user.id);
        }
      }
    });

    it('takes the vendor from the body where the session names none', async () => {
      const { patient, user } = await newLinked();
      const { cookie } = await legacySignIn({ user: user.id });
      problemOf(await exchange({ cookie }), 409, 'legacy.link-required');
      const body = { cookie, vendorId: ' A-FUND ' };
      expect((await api.get('signedIn', 200, ROUTE, { body })).user.id).to.equal(patient.user.id);
    });

    it('keeps the refresh token as a cookie for a browser that asks for it', async () => {
      const { user } = await newLinked();
      const { cookie, sid } = await legacySignIn({ user });
      const headers = { 'X-Session-Mode': 'cookie', Origin: PUBLIC_URL };
      const answer = await api.send('signedIn', ROUTE, { body: { cookie }, headers });
      expect(answer.status).to.equal(200);
      expect(answer.body).to.not.have.property('refreshToken');
      const [refreshCookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
      const refresh = () =>
        api.send('problem', 'POST /auth/refresh', { headers: { Cookie: refreshCookie, Origin: PUBLIC_URL } });
      expect((await refresh()).status).to.equal(200);
      await api.sql('DELETE FROM nest_sessions WHERE sid = $1', [sid]);
      problemOf(await refresh(), 401, 'access.refresh-invalid');
      problemOf(
        await exchange({ cookie }, { ...headers, Origin: 'https://evil.example' }),
        403,
        'request.origin-refused',
      );
    });

    it('ends with the legacy session at the next refresh, its access token included', async () => {
      const { user } = await newLinked();
      const { cookie, sid } = await legacySignIn({ user });
      const first = await api.get('signedIn', 200, ROUTE, { body: { cookie } });
      const next = await api.get('tokens', 200, 'POST /auth/refresh', {
        body: { refreshToken: first.refreshToken },
      });
      await api.sql('DELETE FROM nest_sessions WHERE sid = $1', [sid]);
      const body = { refreshToken: next.refreshToken };
      problemOf(await api.send('problem', 'POST /auth/refresh', { body }), 401, 'access.refresh-invalid');
      const isRefused = async () => (await api.send('problem', 'GET /auth/me', { as: next })).status === 401;
      await eventually(isRefused, 1_500);
      const [ended] = await api.sql('SELECT end_reason FROM sessions WHERE legacy_sid = $1', [sid]);
      expect(ended).to.deep.equal({ end_reason: 'legacy-signed-out' });
      const entries = await api.sql(
        `SELECT 1 FROM audit_entries WHERE action = 'access.session-ended' AND details ->> 'reason' = 'legacy-signed-out'
          AND subject_id IN (SELECT uuid::text FROM sessions WHERE legacy_sid = $1)`,
        [sid],
      );
      expect(entries).to.have.length(1);
    });

    it('asks for the second factor of an account that has one, and binds the session that follows', async () => {
      const { patient, user } = await newLinked();
      const { code } = await enrolApp(api, patient);
      const { cookie, sid } = await legacySignIn({ user, columnSeconds: 200 });
      const { challengeId } = await api.get('challenged', 200, ROUTE, { body: { cookie } });
      const answer = await answerChallenge(api, 'signedIn', challengeId, { code: await code() });
      const { refreshExpiresIn, refreshToken } = answer.body;
      expect(refreshExpiresIn).to.be.at.most(200);
      await api.sql('DELETE FROM nest_sessions WHERE sid = $1', [sid]);
      const refresh = await api.send('problem', 'POST /auth/refresh', { body: { refreshToken } });
      problemOf(refresh, 401, 'access.refresh-invalid');
    });
  });

  describe('401', () => {
    const refused = async (body: object): Promise<void> => {
      const problem = problemOf(await exchange(body), 401, 'access.unauthenticated');
      expect(problem).to.not.have.property('linkTicket');
    };

    it('refuses alike what nobody signed, what is over by either of its times, and guests', async () => {
      const { user } = await newLinked();
      const { cookie, sid } = await legacySignIn({ user });
      await refused({ cookie: '' });
      await refused({ cookie: sid });
      await refused({ cookie: `${cookie}A` });
      await refused({ cookie: `s:${sign(sid, 'another secret')}` });
      await refused({ cookie: `s:${sign('unknown', NEW)}` });
      // Hours apart by the zone in which the column is written, so that a reader in another would take them for live.
      await refused(await legacySignIn({ user, columnSeconds: -1 }).then(onlyCookie));
      await refused(await legacySignIn({ user, cookieSeconds: -1 }).then(onlyCookie));
      await refused(await legacySignIn({ user: null }).then(onlyCookie));
    });

    for (const role of ['physician', 'admin'] as const) {
      it(`refuses an account of one who is ${role}, and leaves a line in the trail`, async () => {
        const { patient, user } = await newLinked();
        await api.sql('UPDATE users SET role = $1 WHERE uuid = $2', [role, patient.user.id]);
        await refused(await legacySignIn({ user }).then(onlyCookie));
        const entries = await api.sql(
          `SELECT 1 FROM audit_entries WHERE action = 'access.legacy-session-refused' AND subject_id = $1`,
          [patient.user.id],
        );
        expect(entries).to.have.length(1);
      });
    }

    it('refuses a disabled account', async () => {
      const { patient, user } = await newLinked();
      await api.sql('UPDATE users SET is_active = false WHERE uuid = $1', [patient.user.id]);
      await refused(await legacySignIn({ user }).then(onlyCookie));
    });
  });

  describe('404', () => {
    const closed = async (env: ProcessEnv): Promise<void> => {
      const other = await startApi(env);
      try {
        const { cookie } = await legacySignIn({}, other);
        problemOf(await other.send('problem', ROUTE, { body: { cookie } }), 404, 'request.not-found');
        problemOf(await other.send('problem', ROUTE, { body: { cookie: 'x' } }), 404, 'request.not-found');
      } finally {
        await other.stop();
      }
    };

    it('is what is there while nobody has named a secret', () => closed({}));

    it('is what is there after the sunset', () => closed({ ...ENV, LEGACY_SESSION_UNTIL: '2026-01-31' }));
  });

  describe('409', () => {
    it('gives a ticket of its own each time, which links once', async () => {
      const user = { id: newId(), vendorId: 'a-fund' };
      const { cookie, sid } = await legacySignIn({ user });
      const [one, other] = [await exchange({ cookie }), await exchange({ cookie })];
      const tickets = [one, other].map(
        (answer) => problemOf(answer, 409, 'legacy.link-required').linkTicket!,
      );
      expect(new Set(tickets).size).to.equal(2);
      for (const ticket of tickets) expect(ticket).to.match(/^[\w-]{43}$/);
      const kept = JSON.stringify(await api.sql('SELECT * FROM legacy_tickets WHERE sid = $1', [sid]));
      for (const ticket of tickets) expect(kept).to.not.include(ticket);

      const patient = await api.patient();
      const claim = { vendorId: user.vendorId, kind: 'legacy_user_id', identifier: user.id };
      const claimed = await api.get('legacyClaimed', 202, 'POST /legacy/links', { as: patient, body: claim });
      const prove = (ticket: string) =>
        api.send('problem', `POST /legacy/links/${claimed.linkId}/proof`, {
          as: patient,
          body: { method: 'session', ticket },
        });
      await api.sql('DELETE FROM nest_sessions WHERE sid = $1', [sid]);
      problemOf(await prove(tickets[0]!), 401, 'legacy.proof-refused');
    });
  });

  it('says in 422 which field is not right', async () => {
    for (const body of [
      {},
      { cookie: 1 },
      { cookie: 'x', vendorId: 1 },
      { cookie: 'x', sid: 'y' },
      { cookie: 'a\0b' },
    ]) {
      problemOf(await exchange(body), 422, 'request.invalid');
    }
  });

  it('leaves what the legacy service keeps as it was', async () => {
    const { user } = await newLinked();
    const { cookie } = await legacySignIn({ user });
    const all = () => api.sql('SELECT sid, sess::text, expire, xmin::text FROM nest_sessions ORDER BY sid');
    const before = await all();
    const { refreshToken } = await api.get('signedIn', 200, ROUTE, { body: { cookie } });
    await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    expect(await all()).to.deep.equal(before);
  });
});

const onlyCookie = ({ cookie }: { readonly cookie: string }) => ({ cookie });
