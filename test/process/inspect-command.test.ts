import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { Inspection } from '../../src/main/inspection/inspection.ts';
import { legacyChecksum } from '../support/legacy-checksum.ts';
import { makeLegacyDatabase, type LegacyDatabase } from '../support/legacy-database.ts';
import { legacyDefinition } from '../support/legacy-definition.ts';
import { withClient } from '../support/legacy-service.ts';
import { otherInstallation } from '../support/legacy/other-installation.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  type Ending,
  endCasegateProcesses,
  type ProcessEnv,
  runCommand,
} from '../support/service-process.ts';

describe('casegate inspect', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await emptyDatabase();
  });
  afterEach(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const inspect = (args: readonly string[] = [], env: ProcessEnv = {}): Promise<Ending> =>
    runCommand(['inspect', ...args], { DATABASE_URL: database.url, ...env });

  async function inspected(env: ProcessEnv = {}): Promise<Inspection & { readonly code: number | null }> {
    const { code, stdout } = await inspect(['--json'], env);
    return { ...(JSON.parse(stdout) as Inspection), code };
  }

  const codesOf = ({ surprises }: Inspection): readonly string[] => surprises.map(({ code }) => code);

  const run = (...statements: readonly string[]): Promise<void> =>
    withClient(database.url, async (client) => {
      for (const statement of statements) await client.query(statement);
    });

  /** What must never be told: whatever stands for a person, as it is stored. */
  const personal = ({ requests, sessions }: LegacyDatabase): ReadonlySet<string> =>
    new Set(
      [
        ...requests.flatMap(({ user_id, user_identifier }) => [user_id, user_identifier]),
        ...sessions.map(({ sid }) => sid),
      ].flatMap((text) => (text !== null && text.trim().length > 5 ? [text.trim()] : [])),
    );

  it('finds no surprise in an empty database, and makes nothing there', async () => {
    const { code, stderr, stdout } = await inspect();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout)
      .to.match(/^rn_requests: there is no such table$/m)
      .and.to.match(/^Surprises: none$/m);
    expect(await legacyDefinition(database.url)).to.deep.equal([]);
  });

  it('needs no keys, whatever the profile, but a database that can be reached', async () => {
    expect((await inspect([], { CASEGATE_PROFILE: 'production' })).code).to.equal(0);
    const nowhere = await inspect([], { DATABASE_URL: 'postgres://nobody:canary@127.0.0.1:1/none' });
    expect(nowhere.code).to.equal(1);
    expect(nowhere.stderr).to.contain('The database cannot be used').and.not.to.contain('canary');
    const unset = await inspect([], { CASEGATE_PROFILE: 'production', DATABASE_URL: '' });
    expect(unset.code).to.equal(1);
    expect(unset.stderr).to.match(/^DATABASE_URL: .*\n$/);
  });

  it('leaves out what defaults and constraints say of a person', async () => {
    await makeLegacyDatabase(database.url);
    await run(
      `ALTER TABLE rn_requests ADD COLUMN note text DEFAULT 'call dana o''hara 050-1234567', ADD COLUMN phone bigint DEFAULT 501234567`,
      `ALTER TABLE rn_requests ADD COLUMN seen_at timestamptz DEFAULT now(), ADD CONSTRAINT not_hers CHECK (user_id <> 'dana ohara')`,
    );
    for (const { stdout } of [await inspect(), await inspect(['--json'])]) {
      expect(stdout).not.to.match(/dana|1234567/);
      expect(stdout).to.contain("'…'::text").and.to.contain('now()').and.to.contain('not_hers CHECK');
    }
  });

  it('tells what the tables hold, names nobody, and changes nothing', async () => {
    const made = await makeLegacyDatabase(database.url);
    const [checksum, definition] = [await legacyChecksum(database.url), await legacyDefinition(database.url)];
    const reports = [await inspect(), await inspect(['--json'])];
    expect(reports.map(({ code }) => code)).to.deep.equal([1, 1]);
    expect(reports[0]!.stdout).to.contain(`rn_requests: ${String(made.requests.length)} rows`);
    expect(reports[0]!.stderr).to.match(/^1 surprise found\.$/m);
    for (const { stderr, stdout } of reports) {
      for (const text of personal(made)) expect(stdout + stderr).not.to.contain(text);
    }
    const { requests, sessions, ...rest } = JSON.parse(reports[1]!.stdout) as Inspection;
    expect(codesOf({ requests, sessions, ...rest })).to.deep.equal(['several-user-ids']);
    expect(requests).to.deep.include({ rows: made.requests.length, isWhole: true });
    expect(requests).to.have.nested.property(
      'userId.nulls',
      made.requests.filter((row) => row.user_id === null).length,
    );
    expect(sessions).to.include({
      rows: made.sessions.length,
      countedIn: 'UTC',
      live: made.sessions.filter(({ state }) => state === 'live').length,
    });
    expect(await legacyChecksum(database.url)).to.equal(checksum);
    expect(await legacyDefinition(database.url)).to.deep.equal(definition);
  });

  it('finds time zone and subject of the sessions of another installation, before and after it is migrated', async () => {
    const made = await makeLegacyDatabase(database.url, otherInstallation);
    const before = await inspected();
    const { code } = await runCommand(['migrate', 'up'], { DATABASE_URL: database.url });
    expect(code).to.equal(0);
    const settings = {
      LEGACY_SESSION_TIME_ZONE: otherInstallation.sessionTimeZone,
      LEGACY_SESSION_SUBJECT: otherInstallation.sessionSubject.pointer,
    };
    const after = await inspected(settings);
    expect(after.migrations.pending).to.equal(0);
    expect(before.migrations).to.include({ applied: 0, refusal: null });
    for (const { requests, sessions } of [before, after]) {
      expect(requests).to.deep.equal(before.requests);
      if (!sessions || !('rows' in sessions)) throw new Error('The sessions were not read.');
      expect(sessions.timeZones).to.include(otherInstallation.sessionTimeZone);
      expect(
        sessions.places.some(({ pointer }) => pointer.startsWith(otherInstallation.sessionSubject.pointer)),
      ).to.equal(true);
    }
    const live = made.sessions.filter(({ state }) => state === 'live').length;
    expect(after.sessions).to.include({ live, countedIn: otherInstallation.sessionTimeZone });
    expect(codesOf(after)).not.to.include.oneOf(['session-time-zone-wrong', 'session-subject-wrong']);
    const wrong = await inspected({ LEGACY_SESSION_TIME_ZONE: 'Pacific/Kiritimati' });
    expect(codesOf(wrong)).to.include('session-time-zone-wrong');
  });

  it('tells of each thing that a migration would stumble over', async () => {
    await run(
      'CREATE TABLE rn_requests (uuid varchar(36) PRIMARY KEY, user_id integer, user_identifier text, vendor_id text, clinic text NOT NULL)',
      'CREATE TABLE nest_sessions (id varchar PRIMARY KEY, "expiredAt" bigint, json text)',
      'CREATE VIEW check_user_log AS SELECT 1 AS id',
      'CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER note AFTER INSERT ON rn_requests FOR EACH ROW EXECUTE FUNCTION note()',
      `CREATE PUBLICATION warehouse_${String(process.pid)} FOR TABLE rn_requests`,
      'ALTER TABLE rn_requests ENABLE ROW LEVEL SECURITY',
      `INSERT INTO rn_requests VALUES ('not-a-uuid', 7, '000000018', 'north', 'main')`,
    );
    const found = await inspected();
    expect(found.code).to.equal(1);
    expect(found.sessionStore).to.equal('connect-typeorm');
    expect(codesOf(found)).to.have.members([
      'migration-refused',
      'row-security',
      'column-unusable',
      'required-columns',
      'triggers',
      'replicated',
      'session-store-unknown',
    ]);
    expect(found.requests).to.have.nested.property('identifiers.national_id.rows', 1);
  });

  it('says what the role lacks, and goes on without what it may not read', async () => {
    await makeLegacyDatabase(database.url);
    const role = `inspector_${String(process.pid)}`;
    await run(`CREATE ROLE ${role} LOGIN PASSWORD 'canary'`, `GRANT SELECT ON nest_sessions TO ${role}`);
    try {
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'canary'];
      const found = await inspected({ DATABASE_URL: url.href });
      expect(codesOf(found)).to.include.members(['rights', 'unread']);
      expect(found.requests).to.deep.equal({ unread: 'no right' });
      expect(found.sessions).to.have.property('rows').that.is.a('number');
      expect(found.role.seesOthers).to.equal(false);
    } finally {
      await run(`DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
    }
  });

  it('tells who holds a table, and does not wait for it', async () => {
    await makeLegacyDatabase(database.url);
    await withClient(database.url, async (client) => {
      await client.query('BEGIN; LOCK TABLE rn_requests IN ACCESS EXCLUSIVE MODE');
      await setTimeout(1_100);
      const found = await inspected();
      expect(found.requests).to.deep.equal({ unread: 'locked' });
      expect(codesOf(found)).to.include('unread');
      expect(found.transactions[0]).to.deep.include({
        application: 'test',
        state: 'idle in transaction',
        locks: ['AccessExclusiveLock on rn_requests'],
      });
    });
  });
});
