import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { legacyChecksum } from '../support/legacy-checksum.ts';
import { type LegacyPerson, makeLegacyDatabase } from '../support/legacy-database.ts';
import { withClient } from '../support/legacy-service.ts';
import { otherInstallation } from '../support/legacy/other-installation.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { type EndingHere, runHere } from '../support/run-here.ts';
import {
  CHEAP,
  type Ending,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  spawnCasegate,
} from '../support/service-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HEADER = 'email,vendor_id,user_identifier,legacy_user_id,kind';
const REASON = ['--reason', 'Known to the practice'];
const OWNERS = 'SELECT uuid, user_uuid FROM rn_requests WHERE user_uuid IS NOT NULL ORDER BY uuid';

const emailOf = (index: number): string => `person-${String(index)}@example.org`;

const csvOf = (rows: readonly (readonly (string | null)[])[]): string =>
  [HEADER, ...rows.map((cells) => cells.map((cell) => `"${cell ?? ''}"`).join(','))].join('\n');

const rowOf = ({ identifier, kind, userId, vendorId }: LegacyPerson, index: number) =>
  [emailOf(index), vendorId, identifier, userId, kind] as const;

/** An installation whose people are imported, and whom nothing is linked to yet. */
async function prepare(people: number) {
  const folder = temporaryFolder('casegate-legacy-');
  const database: TestDatabase = await emptyDatabase();
  const size = { people, cases: people * 3, sessions: 0, checks: 0 };
  const legacy = await makeLegacyDatabase(database.url, { ...otherInstallation, ...size });
  const checksum = await legacyChecksum(database.url);
  const env: ProcessEnv = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
  const own = legacy.people.filter(({ isShared }) => !isShared);
  const file = join(folder, 'people.csv');
  writeFileSync(file, csvOf(own.map(rowOf)));
  const imported = join(folder, 'imported.csv');
  writeFileSync(imported, ['email', ...own.map((_, index) => emailOf(index))].join('\n'));
  for (const command of [
    ['migrate', 'up'],
    ['users', 'import', imported],
  ]) {
    const { code, stderr } = await runHere(command, env);
    expect(code, stderr).to.equal(0);
  }
  return {
    database,
    env,
    folder,
    file,
    people: own,
    identifiers: own.reduce((sum, { userId }) => sum + (userId === null ? 1 : 2), 0),
    /** Within this process, which spares its start. Whoever waits for others does so for a moment. */
    run: (...command: readonly string[]): Promise<EndingHere> =>
      runHere(['legacy', ...command], env, () => delay(5)),
    sql: (text: string) => query(database.url, text),
    isUntouched: async () => (await legacyChecksum(database.url)) === checksum,
    drop: async () => {
      await endCasegateProcesses();
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

const countOf = async ({ sql }: Pick<Prepared, 'sql'>, what: string): Promise<number> =>
  Number((await sql(`SELECT count(*) AS count FROM ${what}`))[0]?.['count']);

/** What a command printed that has no number of its own. */
const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);

/** Runs a command, and kills it once something has become of it. */
async function killed(
  { env }: Prepared,
  command: readonly string[],
  isUnderWay: () => Promise<boolean>,
): Promise<Ending> {
  const child = spawnCasegate('cli.ts', ['legacy', ...command], env);
  while (child.isRunning() && !(await isUnderWay())) await delay(2);
  child.signal('SIGKILL');
  const ending = await child.ended;
  expect(ending.signal).to.equal('SIGKILL');
  return ending;
}

describe('casegate legacy link', function () {
  this.timeout(120_000);
  let here: Prepared;
  beforeEach(async () => {
    here = await prepare(150);
  });
  afterEach(() => here.drop());

  it('links each identifier of each row, refuses others with a report, and may be run again', async () => {
    const { file, folder, identifiers, isUntouched, people, run } = here;
    const taken = people.findIndex(({ userId }) => userId !== null);
    const odd = [
      ['nobody@example.org', people[0]!.vendorId, people[0]!.identifier, '', ''],
      [emailOf(0), 'elsewhere', '000000000', '', 'national_id'],
      [emailOf(0), 'elsewhere', 'neither this nor that', '', ''],
      [emailOf(taken === 0 ? 1 : 0), people[taken]!.vendorId, '', people[taken]!.userId, ''],
      [emailOf(0), 'elsewhere', '', '', ''],
      [emailOf(0), 'elsewhere', '039337423', '', 'passport'],
    ];
    writeFileSync(file, csvOf([...people.map(rowOf), ...odd]));
    const first = await run('link', file, ...REASON);
    const report = join(folder, 'people.not-linked.csv');
    expect(first.code).to.equal(1);
    expect(first.stdout).to.match(
      new RegExp(
        `^1 row without any identifier\\nlinked ${String(identifiers)} identifiers \\(\\d+ cases\\), already linked 0, refused 5, report: `,
      ),
    );
    expect(first.stdout.endsWith(`report: ${report}\n`)).to.equal(true);
    expect(first.stderr).to.match(/rows linked \d+\/\d+\nRefused: 5 identifiers\.\n$/);
    expect(statSync(report).mode & 0o077).to.equal(0);
    const lines = parse<Record<string, string>>(readFileSync(report, 'utf8'), { columns: true });
    expect(lines.map(({ code }) => code)).to.deep.equal([
      'legacy.account-unknown',
      'legacy.identifier-placeholder',
      'legacy.identifier-rejected',
      'legacy.identifier-taken',
      'legacy.kind-rejected',
    ]);
    const second = people.length + 2;
    expect(lines.map(({ line }) => Number(line))).to.deep.equal([0, 1, 2, 3, 5].map((n) => n + second));
    expect(lines[0]).to.include({ email: 'nobody@example.org', user_identifier: people[0]!.identifier });

    const again = await run('link', file, ...REASON, '--report', join(folder, 'other.csv'));
    expect(again.stdout).to.contain(
      `linked 0 identifiers (0 cases), already linked ${String(identifiers)}, refused 5`,
    );
    expect(await countOf(here, 'legacy_stamps')).to.equal(numberIn(first.stdout, /\((\d+) cases\)/));
    expect(await isUntouched()).to.equal(true);
  });

  it('is gone on with after SIGKILL', async () => {
    const { file, identifiers, isUntouched, run } = here;
    const linked = `legacy_links WHERE status = 'linked'`;
    await killed(here, ['link', file, ...REASON], async () => (await countOf(here, linked)) > 5);
    const before = await countOf(here, linked);
    expect(before).to.be.within(6, identifiers - 1);
    const { code, stdout } = await run('link', file, ...REASON);
    expect(code, stdout).to.equal(0);
    expect(stdout).to.contain(`linked ${String(identifiers - before)} identifiers`);
    expect(stdout).to.contain(`already linked ${String(before)}, refused 0, report: none`);
    expect(
      await countOf(
        here,
        `rn_requests r JOIN legacy_stamps s ON s.request_uuid = r.uuid AND s.user_uuid = r.user_uuid`,
      ),
    ).to.equal(await countOf(here, 'rn_requests WHERE user_uuid IS NOT NULL'));
    expect(await isUntouched()).to.equal(true);
  });

  it('gives each row its own reason where the file has one, and takes none from a report', async () => {
    const { file, folder, people, run, sql } = here;
    const report = join(folder, 'report.csv');
    const header = 'email,vendor_id,legacy_user_id,reason';
    const known = people.findIndex(({ userId }) => userId !== null);
    const { userId, vendorId } = people[known]!;
    writeFileSync(file, `${header}\nnobody@example.org,${vendorId ?? ''},${userId!},Seen at the desk\n`);
    expect((await run('link', file, ...REASON, '--report', report)).code).to.equal(1);
    expect(readFileSync(report, 'utf8')).to.match(
      /^line,code,reason,email,vendor_id,legacy_user_id,link_reason\n/,
    );
    writeFileSync(report, readFileSync(report, 'utf8').replace('nobody@example.org', emailOf(known)));
    const mended = await run('link', report);
    expect(mended.stdout).to.contain('linked 1 identifier (');
    expect(await sql('SELECT FROM legacy_links WHERE reason IS NOT NULL')).to.have.length(1);
  });

  it('refuses identifiers that no reason is given for, and vendors that there cannot be', async () => {
    const { file, folder, people, run, sql } = here;
    const known = people.findIndex(({ userId }) => userId !== null);
    const { userId, vendorId } = people[known]!;
    const row = [emailOf(known), vendorId, userId].join(',');
    const far = [emailOf(known), 'v'.repeat(101), userId].join(',');
    writeFileSync(file, `email,vendor_id,legacy_user_id,reason\n${row},\n${far},Seen at the desk\n`);
    const refused = await run('link', file);
    expect(refused.code).to.equal(1);
    const codes = parse<Record<string, string>>(readFileSync(join(folder, 'people.not-linked.csv'), 'utf8'), {
      columns: true,
    }).map(({ code }) => code);
    expect(codes).to.deep.equal(['access.reason-rejected', 'import.vendor-rejected']);
    expect(await sql(`SELECT FROM legacy_links WHERE status = 'linked'`)).to.deep.equal([]);
  });
});

describe('casegate legacy backfill', function () {
  this.timeout(180_000);
  let here: Prepared;
  before(async () => {
    here = await prepare(260);
    expect((await here.run('link', here.file, ...REASON)).code).to.equal(0);
  });
  after(() => here.drop());
  beforeEach(async () => {
    await here.sql('UPDATE rn_requests SET user_uuid = NULL WHERE user_uuid IS NOT NULL');
    await here.sql('DELETE FROM legacy_stamps');
  });

  const owners = () => here.sql(OWNERS);
  const runOf = ({ stdout }: EndingHere): string => /^run ([\da-f-]+)/.exec(stdout)?.[1] ?? '';

  it('says what it would do, does it, and takes back exactly that', async () => {
    const { isUntouched, run, sql } = here;
    const forecast = await run('backfill', '--dry-run');
    expect(forecast.code).to.equal(0);
    const rows = numberIn(forecast.stdout, /(\d+) rows would get their owner; nothing was changed\n$/);
    expect(rows).to.be.above(100);
    expect(await owners()).to.deep.equal([]);
    const done = await run('backfill', '--apply');
    expect(done.code, done.stderr).to.equal(0);
    expect(numberIn(done.stdout, /(\d+) rows got their owner by this run\n$/)).to.equal(rows);
    expect(done.stderr).to.match(/links looked at 0\/\d+\n/);
    const given = await owners();
    expect(given).to.have.length(rows);
    expect(await countOf(here, `legacy_stamps WHERE run_uuid = '${runOf(done)}'`)).to.equal(rows);

    // What came about otherwise stays.
    const [first] = given;
    await sql(`UPDATE legacy_stamps SET run_uuid = NULL WHERE request_uuid = '${String(first?.['uuid'])}'`);
    const undone = await run('backfill', '--undo', runOf(done));
    expect({ code: undone.code, stdout: undone.stdout }).to.deep.equal({
      code: 0,
      stdout: `${String(rows - 1)} rows lost the owner that the run ${runOf(done)} had given them\n`,
    });
    expect(await owners()).to.deep.equal([first]);
    expect(await isUntouched()).to.equal(true);

    const over = await run('backfill', '--undo', runOf(done));
    expect({ code: over.code, stdout: over.stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(over.stderr).to.match(/^The run \S+ was undone already, at \d{4}-\S+Z\.\n$/);
  });

  it('goes on with its run after SIGKILL, and so does undoing it', async () => {
    const { isUntouched, run } = here;
    const rows = numberIn((await run('backfill', '--dry-run')).stdout, /(\d+) rows would/);
    const position = 'batch_runs WHERE position IS NOT NULL AND finished_at IS NULL';
    await killed(here, ['backfill', '--apply'], async () => (await countOf(here, position)) > 0);
    expect((await owners()).length).to.be.within(1, rows - 1);
    const done = await run('backfill', '--apply');
    expect(done.stdout).to.match(/^run \S+, which had been broken off, goes on\n/);
    expect(numberIn(done.stdout, /(\d+) rows got their owner by this run\n$/)).to.equal(rows);
    const runId = runOf(done);
    expect(await countOf(here, `legacy_stamps WHERE run_uuid = '${runId}'`)).to.equal(rows);
    await withClient(here.database.url, async (client) => {
      await client.query('BEGIN');
      await client.query(
        'SELECT FROM rn_requests WHERE user_uuid IS NOT NULL ORDER BY uuid LIMIT 1 FOR UPDATE',
      );
      await killed(here, ['backfill', '--undo', runId], async () => (await owners()).length < rows);
    });
    const undone = await run('backfill', '--undo', runId);
    expect(undone.code, undone.stderr).to.equal(0);
    expect(await owners()).to.deep.equal([]);
    expect(await isUntouched()).to.equal(true);
  });

  it('waits for nobody who holds a row, says so, and takes it the next time', async () => {
    const { database, run, sql } = here;
    const first = await run('backfill', '--apply');
    const [row] = await sql('SELECT request_uuid AS uuid FROM legacy_stamps LIMIT 1');
    const held = String(row?.['uuid']);
    await withClient(database.url, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM rn_requests WHERE uuid = $1 FOR UPDATE', [held]);
      const undone = await run('backfill', '--undo', runOf(first));
      expect(undone.code).to.equal(1);
      expect(undone.stderr).to.match(
        /Not undone, since others held them all the time: 1 row\. Run it again\.\n$/,
      );
      expect((await owners()).map(({ uuid }) => uuid)).to.deep.equal([held]);
      await client.query('ROLLBACK');
      expect((await run('backfill', '--undo', runOf(first))).stdout).to.match(/^1 row lost the owner/);

      await client.query('BEGIN');
      await client.query('SELECT FROM rn_requests WHERE uuid = $1 FOR UPDATE', [held]);
      const passed = await run('backfill', '--apply');
      expect(passed.code).to.equal(1);
      expect(passed.stderr).to.match(
        /Left, since others held them all the time: \d rows?\. Run it again\.\n$/,
      );
      await client.query('ROLLBACK');
    });
    expect((await run('backfill', '--apply')).stdout).to.match(/\n1 row got their owner by this run\n$/);
  });

  it('stops where its run is undone meanwhile: nobody has a row by it afterwards', async () => {
    const { database, env, sql } = here;
    await withClient(database.url, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM rn_requests FOR UPDATE');
      const undo = async (): Promise<void> => {
        const [row] = await sql('SELECT uuid FROM batch_runs WHERE finished_at IS NULL');
        const undoing = spawnCasegate('cli.ts', ['legacy', 'backfill', '--undo', String(row?.['uuid'])], env);
        expect((await undoing.ended).code).to.equal(0);
        await client.query('ROLLBACK');
      };
      let undone: Promise<void> | undefined;
      const stopped = await runHere(['legacy', 'backfill', '--apply'], env, () => (undone ??= undo()));
      expect(stopped.code).to.equal(1);
      expect(stopped.stderr).to.match(
        /Stopped: somebody undid this run meanwhile, or finished it as well\.\n$/,
      );
    });
    expect(await owners()).to.deep.equal([]);
  });

  it('refuses a run that there is not', async () => {
    const { run } = here;
    const unknown = await run('backfill', '--undo', '01a20a1b-549d-7327-b0c7-5152c6f8f6b5');
    expect(unknown).to.deep.include({ code: 1, stdout: '' });
    expect(unknown.stderr).to.equal(
      'There is no backfill with the run 01a20a1b-549d-7327-b0c7-5152c6f8f6b5.\n',
    );
    expect(await owners()).to.deep.equal([]);
  });
});

describe('casegate legacy reconcile', function () {
  this.timeout(120_000);
  let here: Prepared;
  before(async () => {
    here = await prepare(60);
  });
  after(() => here.drop());

  it('tells what is wrong from what is good to know, and where, by ids alone', async () => {
    const { file, folder, isUntouched, people, run, sql } = here;
    expect((await run('link', file, ...REASON)).code).to.equal(0);
    const well = await run('reconcile');
    expect(well.code, well.stdout).to.equal(0);
    expect(well.stdout).to.match(/^\d+ legacy rows, \d+ of them owned; \d+ linked identifiers\n/);
    expect(well.stdout).to.match(/\nnote {2}nobody-named \(\d+\): /);
    expect(well.stdout.endsWith('nothing wrong\n')).to.equal(true);

    const [taken] = await sql('SELECT request_uuid AS uuid FROM legacy_stamps ORDER BY request_uuid LIMIT 1');
    const id = String(taken?.['uuid']);
    await sql(`UPDATE rn_requests SET user_uuid = NULL WHERE uuid = '${id}'`);
    await sql(`DELETE FROM legacy_stamps WHERE request_uuid = '${id}'`);
    const report = join(folder, 'findings.csv');
    const found = await run('reconcile', '--report', report);
    expect(found.code).to.equal(1);
    expect(found.stdout).to.match(
      /\nWRONG owner-missing \(1\): .*; run "casegate legacy backfill --apply"\n/,
    );
    expect(found.stdout.endsWith(`report: ${report}\n`)).to.equal(true);
    expect(found.stderr).to.match(/legacy rows compared 0\/\d+\n/);
    expect(found.stderr.endsWith('1 found wrong.\n')).to.equal(true);
    const text = readFileSync(report, 'utf8');
    expect(text).to.match(/^finding,about,id\n/);
    expect(text).to.contain(`\nowner-missing,row,${id}\n`);
    expect(statSync(report).mode & 0o077).to.equal(0);
    for (const { identifier } of people) expect(text).not.to.contain(identifier);
    expect((await run('backfill', '--apply')).stdout).to.match(/\n1 row got their owner by this run\n$/);
    expect((await run('reconcile')).code).to.equal(0);
    expect(await isUntouched()).to.equal(true);
  });

  it('refuses a report that cannot be written', async () => {
    const { folder, run } = here;
    const nowhere = join(folder, 'missing', 'findings.csv');
    expect(await run('reconcile', '--report', nowhere)).to.deep.equal({
      ...{ code: 1, stdout: '' },
      stderr: `The report ${nowhere} cannot be written.\n`,
    });
  });
});
