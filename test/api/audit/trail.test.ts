import { expect } from 'chai';
import { type Api, newEmail, PASSWORD, type Person, startApi } from '../../support/api.ts';

/** What an act leaves behind: its name, whoever did it, and what it was done to. */
type Trace = readonly [
  action: string,
  actor: string | null,
  subjectType: string | null,
  subject: string | null,
];

describe('The audit trail', () => {
  let api: Api;
  let patient: Person;
  let admin: Person;
  before(async () => {
    api = await startApi();
  });
  after(() => api.stop());
  beforeEach(async () => {
    patient = await api.patient();
    admin = await api.member('admin');
    await api.tenant();
    await api.sql('ALTER TABLE audit_entries DISABLE TRIGGER USER');
    await api.sql('DELETE FROM audit_entries');
    await api.sql('ALTER TABLE audit_entries ENABLE TRIGGER USER');
  });

  const trail = async (): Promise<readonly Trace[]> => {
    const rows = await api.sql(
      'SELECT action, actor_id, subject_type, subject_id FROM audit_entries ORDER BY at, uuid',
    );
    return rows.map((row) => Object.values(row) as unknown as Trace);
  };
  const sessionOf = async ({ user }: Person): Promise<string> =>
    String(
      (
        await api.sql('SELECT uuid FROM sessions WHERE user_uuid = $1 ORDER BY created_at DESC', [user.id])
      )[0]?.['uuid'],
    );

  it('tells who got in, who did not, and who left', async () => {
    const { id, email } = patient.user;
    const body = { email, password: PASSWORD };
    await api.send('problem', 'POST /auth/login', { body: { ...body, password: 'wrong' } });
    await api.send('problem', 'POST /auth/login', { body: { ...body, email: newEmail() } });
    const again = await api.signIn(email);
    const session = await sessionOf(again);
    await api.get('nothing', 204, 'POST /auth/logout', { as: again });
    await api.get('nothing', 204, 'DELETE /auth/sessions', { as: patient });
    expect(await trail()).to.deep.equal([
      ['access.sign-in-refused', null, 'user', id],
      ['access.sign-in-refused', null, null, null],
      ['access.signed-in', id, 'session', session],
      ['access.session-ended', id, 'session', session],
      ['access.sessions-ended', id, 'user', id],
    ]);
  });

  it('tells of each change of an account', async () => {
    const { user } = await api.get('registered', 201, 'POST /auth/register', {
      body: { email: newEmail(), password: PASSWORD },
    });
    const session = String(
      (await api.sql('SELECT uuid FROM sessions WHERE user_uuid = $1', [user.id]))[0]?.['uuid'],
    );
    const own = patient.user.id;
    await api.get('profile', 200, 'PATCH /auth/me', { as: patient, body: { language: 'he' } });
    const newPassword = 'a lantern for the harbour';
    await api.get('nothing', 204, 'POST /auth/password', {
      as: patient,
      body: { currentPassword: PASSWORD, newPassword },
    });
    const made = await api.get('user', 201, 'POST /users', {
      as: admin,
      body: { email: newEmail(), role: 'physician', password: PASSWORD },
    });
    await api.get('user', 200, `PATCH /users/${own}`, { as: admin, body: { isActive: false } });
    await api.get('nothing', 204, `DELETE /users/${user.id}/sessions`, { as: admin });
    const entries = (await trail()).toSorted(([a], [b]) => a.localeCompare(b));
    expect(entries).to.have.deep.members([
      ['identity.registered', null, 'user', user.id],
      ['access.signed-in', user.id, 'session', session],
      ['identity.profile-changed', own, 'user', own],
      ['identity.password-changed', own, 'user', own],
      ['identity.user-created', admin.user.id, 'user', made.user.id],
      ['identity.user-changed', admin.user.id, 'user', own],
      ['access.sessions-ended', admin.user.id, 'user', user.id],
    ]);
  });

  it('tells of each case that came in, and of each reading of its text', async () => {
    const body = { language: 'en', question: 'Is it so?' };
    const own = (await api.get('case', 201, 'POST /cases', { as: patient, body })).case.id;
    const anonymous = (await api.get('case', 201, 'POST /cases', { body })).case.id;
    await api.get('case', 200, `GET /cases/${own}`, { as: patient });
    expect(await trail()).to.deep.equal([
      ['cases.submitted', patient.user.id, 'case', own],
      ['cases.submitted', null, 'case', anonymous],
      ['cases.text-read', patient.user.id, 'case', own],
    ]);
  });

  it('tells of each tenant that was made or changed', async () => {
    const { id } = await api.tenant();
    await api.get('tenant', 200, `PATCH /tenants/${id}`, { as: admin, body: { name: 'Renamed' } });
    const entries = await trail();
    expect(entries.map(([action, , type, subject]) => [action, type, subject])).to.deep.equal([
      ['tenancy.tenant-created', 'tenant', id],
      ['tenancy.tenant-changed', 'tenant', id],
    ]);
  });

  it('says nothing of what was refused before it was begun', async () => {
    const email = patient.user.email;
    await api.send('problem', 'POST /auth/register', { body: { email, password: PASSWORD } });
    await api.send('problem', 'POST /cases', { as: patient, body: { language: 'en', question: ' ' } });
    await api.send('problem', 'POST /tenants', { as: patient, body: { slug: 'mine', name: 'Mine' } });
    await api.send('problem', `PATCH /users/${admin.user.id}`, { as: admin, body: { role: 'patient' } });
    expect((await trail()).filter(([, , , subject]) => subject === patient.user.id)).to.be.empty;
  });

  it('cannot be changed or emptied', async () => {
    await api.signIn(patient.user.email);
    for (const statement of [
      "UPDATE audit_entries SET action = 'x'",
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
    ]) {
      const refused = await api.sql(statement).then(
        () => false,
        () => true,
      );
      expect(refused, statement).to.be.true;
    }
    expect(await trail()).to.have.length(1);
  });

  it('and every other table keep no text, no password, no token, and no address outside the accounts', async () => {
    const email = newEmail();
    const password = 'an unmistakable passphrase';
    const headers = { 'User-Agent': 'Falcon/1.0' };
    const person = await api.get('registered', 201, 'POST /auth/register', {
      body: { email, password },
      headers,
    });
    const { refreshToken } = person;
    const next = await api.get('tokens', 200, 'POST /auth/refresh', { body: { refreshToken } });
    const question = 'An unmistakable question about the left ventricle';
    const body = { language: 'en', question };
    const { id } = (await api.get('case', 201, 'POST /cases', { as: next, body })).case;
    const { receipt } = await api.get('case', 201, 'POST /cases', { body });
    await api.get('case', 200, `GET /cases/${id}`, { as: next });
    await api.send('problem', 'POST /auth/login', { body: { email, password: 'an unmistakable guess' } });

    const tables = await api.sql(
      "SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    expect(tables.length).to.be.above(15);
    /** The tables with a row in which the text stands, as it is, as octets, or decoded as a token is. */
    const holding = async (text: string): Promise<readonly unknown[]> => {
      const forms = [text, Buffer.from(text).toString('hex'), Buffer.from(text, 'base64url').toString('hex')];
      const found = await Promise.all(
        tables.map(({ name }) =>
          api.sql(
            `SELECT $1 AS name FROM ${String(name)} AS t WHERE EXISTS (SELECT FROM unnest($2::text[]) AS form WHERE position(form IN t::text) > 0) LIMIT 1`,
            [name, forms],
          ),
        ),
      );
      return found.flat().map((row) => row['name']);
    };
    expect(await holding(email)).to.deep.equal(['users']);
    expect(await holding(id)).to.include.members(['cases', 'rn_requests', 'case_events', 'audit_entries']);
    const secrets = [
      question,
      password,
      'unmistakable',
      refreshToken,
      next.refreshToken,
      next.accessToken,
      receipt!,
    ];
    for (const secret of secrets) expect(await holding(secret), secret).to.be.empty;
  });
});
