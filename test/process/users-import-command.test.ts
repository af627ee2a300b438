import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { runHere } from '../support/run-here.ts';
import {
  CHEAP,
  type Ending,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
  spawnCasegate,
  startServiceProcess,
} from '../support/service-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';
import { login } from './call.ts';

const VENDORS = JSON.stringify([
  { vendorId: 'fund', tenant: 'fund', identifierKind: 'phone' },
  { vendorId: 'lost', tenant: 'not-made', identifierKind: 'phone' },
]);

describe('casegate users import', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  let folder: string;
  let path: string;
  beforeEach(async () => {
    database = await freshDatabase();
    folder = temporaryFolder('casegate-import-');
    const vendors = join(folder, 'vendors.json');
    writeFileSync(vendors, VENDORS);
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url, VENDORS: vendors };
    path = join(folder, 'people.csv');
  });
  afterEach(async () => {
    await endCasegateProcesses();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const run = (...more: readonly string[]): Promise<Ending> =>
    runCommand(['users', 'import', path, ...more], env);
  const numberOf = async (from: string): Promise<number> =>
    Number((await query(database.url, `SELECT count(*)::integer AS number FROM ${from}`))[0]?.['number']);
  /** Like the practice itself. */
  const addTenant = (slug: string) =>
    query(
      database.url,
      `INSERT INTO tenants (uuid, slug, name, quotas, password_policy, due_hours, created_at)
        SELECT gen_random_uuid(), '${slug}', name, quotas, password_policy, due_hours, created_at FROM tenants WHERE slug = 'default'`,
    );
  const reportOf = (name = 'people.refused.csv'): Record<string, string>[] =>
    parse(readFileSync(join(folder, name)), { columns: true, relax_column_count: true });
  const summaryOf = ({ stdout }: Ending): string => stdout.trimEnd().split('\n').at(-1) ?? '';

  it('makes the accounts of a file, tells nobody, and leaves no report where nothing was refused', async () => {
    await addTenant('fund');
    const hash = '$2b$04$M3KRAKkYG.cco6Ze.L2/Wem5p3t1CbCwWl6cyIoCXGVt2CddE9T82';
    writeFileSync(
      path,
      `\ufeffrole,email,vendor_id,user_identifier,legacy_user_id,language,password_hash\r\n` +
        `,one@example.org,,,U-1,,\r\nphysician,Two@Example.org, FUND ,050-123 4568,,he,\r\n\r\n,"three@example.org",,,,,"${hash}"\r\n`,
    );
    const ending = await run();
    expect({ code: ending.code, stdout: ending.stdout }).to.deep.equal({
      code: 0,
      stdout: 'imported 3, already there 0, refused 0, report: none\n',
    });
    expect(ending.stderr.trimEnd().split('\n').at(-1)).to.equal('rows imported 3/3');
    expect(existsSync(join(folder, 'people.refused.csv'))).to.equal(false);
    const accounts = await query(
      database.url,
      'SELECT email, role, language, slug FROM users JOIN tenants ON tenants.uuid = tenant_uuid ORDER BY email',
    );
    expect(accounts).to.deep.equal([
      { email: 'one@example.org', role: 'patient', language: 'en', slug: 'default' },
      { email: 'three@example.org', role: 'patient', language: 'en', slug: 'default' },
      { email: 'two@example.org', role: 'physician', language: 'he', slug: 'fund' },
    ]);
    const links = await query(database.url, 'SELECT kind, vendor_id, status FROM legacy_links ORDER BY kind');
    expect(links).to.deep.equal([
      { kind: 'legacy_user_id', vendor_id: null, status: 'candidate' },
      { kind: 'phone', vendor_id: 'fund', status: 'candidate' },
    ]);
    expect(await numberOf('outbox')).to.equal(0);
    const service = await startServiceProcess(env);
    await login(service.url, 'three@example.org', 'correct horse battery staple');
  });

  it('invites where it is told to, and takes people without a vendor to the tenant that is named', async () => {
    writeFileSync(path, 'email\none@example.org\n');
    await addTenant('clinic');
    expect((await run('--tenant', 'nowhere')).stderr).to.match(/no tenant "nowhere"/);
    expect((await run('--invite', '--tenant', 'clinic')).code).to.equal(0);
    expect(await numberOf('outbox')).to.equal(1);
    expect(await numberOf(`users JOIN tenants ON tenants.uuid = tenant_uuid WHERE slug = 'clinic'`)).to.equal(
      1,
    );
  });

  it('writes refused rows to a report that can be mended and imported, for its owner’s eyes only', async () => {
    const tooLong = `eight@example.org,,${'v'.repeat(101)},,`;
    writeFileSync(
      path,
      'email,role,vendor_id,user_identifier,password_hash\n' +
        'one@example.org,,,000000000,\nnobody,,,,\nONE@example.org,,,,\nfour@example.org,king,,,\n' +
        `five@example.org\nsix@example.org,,lost,,\nseven@example.org,,,,$2b$31$nothing\n${tooLong}\n`,
    );
    const ending = await run();
    expect(ending.code).to.equal(1);
    const reportPath = join(folder, 'people.refused.csv');
    expect(summaryOf(ending)).to.equal(`imported 1, already there 0, refused 7, report: ${reportPath}`);
    expect(ending.stderr)
      .to.contain('7 rows were refused')
      .and.not.to.match(/^\s+at /m);
    expect(statSync(reportPath).mode & 0o777).to.equal(0o600);
    expect(reportOf().map(({ line, code, email }) => [line, code, email])).to.deep.equal([
      ['2', 'warning:legacy.identifier-placeholder', 'one@example.org'],
      ['3', 'identity.email-rejected', 'nobody'],
      ['4', 'identity.email-taken', 'ONE@example.org'],
      ['5', 'import.role-rejected', 'four@example.org'],
      ['6', 'import.column-count', 'five@example.org'],
      ['7', 'tenancy.unknown-tenant', 'six@example.org'],
      ['8', 'identity.password-hash-rejected', 'seven@example.org'],
      ['9', 'import.vendor-rejected', 'eight@example.org'],
    ]);
    const mended = readFileSync(reportPath, 'utf8').replace('king', 'admin').replace('$2b$31$nothing', '');
    writeFileSync(reportPath, mended);
    const again = await runCommand(
      ['users', 'import', reportPath, '--report', join(folder, 'rest.csv')],
      env,
    );
    expect(summaryOf(again)).to.match(/^imported 2, already there 0, refused 6, report: /);
    expect(reportOf('rest.csv').map(({ email }) => email))
      .to.include('six@example.org')
      .and.have.length(6);
  });

  it('goes on after a SIGKILL: nobody twice, nobody left out, and a whole report', async () => {
    const people = Array.from({ length: 800 }, (_, index) =>
      index % 100 === 50 ? `nobody-${String(index)},` : `p${String(index)}@example.org,u-${String(index)}`,
    );
    writeFileSync(path, `email,legacy_user_id\n${people.join('\n')}\n`);
    const killed = spawnCasegate('cli.ts', ['users', 'import', path, '--invite'], env);
    await eventually(async () => (await numberOf('imported_users')) > 60);
    killed.signal('SIGKILL');
    expect((await killed.ended).signal).to.equal('SIGKILL');
    const before = await numberOf('imported_users');
    expect(before).to.be.within(60, 791);

    const ending = await run('--invite');
    const rest = String(792 - before);
    expect(summaryOf(ending)).to.match(
      new RegExp(`^imported ${rest}, already there ${String(before)}, refused 8, report: `),
    );
    expect(ending.code).to.equal(1);
    expect(reportOf().map(({ line }) => Number(line))).to.deep.equal(
      Array.from({ length: 8 }, (_, index) => index * 100 + 52),
    );
    for (const table of ['users', 'imported_users', 'legacy_links', 'outbox', 'one_time_tokens']) {
      expect(await numberOf(table), table).to.equal(792);
    }
    expect(await numberOf(`audit_entries WHERE action = 'identity.user-created'`)).to.equal(792);
    expect(await numberOf('batch_runs WHERE finished_at IS NOT NULL')).to.equal(1);
    expect(summaryOf(await run())).to.match(/^imported 0, already there 792, refused 8, /);
    expect(await numberOf('users')).to.equal(792);
  });

  it('leaves a report alone that is being mended, and says so where the database is lost on the way', async () => {
    const people = Array.from({ length: 3_000 }, (_, index) => `p${String(index)}@example.org`);
    writeFileSync(path, ['email', 'nobody', ...people, ''].join('\n'));
    const mended = 'line,code,reason,email\n2,identity.email-rejected,Mended,mended@example.org\n';
    const reportPath = join(folder, 'people.refused.csv');
    writeFileSync(reportPath, mended);
    const losing = spawnCasegate('cli.ts', ['users', 'import', path], env);
    await eventually(async () => (await numberOf('imported_users')) > 60);
    await query(
      database.url,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const { code, stderr } = await losing.ended;
    expect(code).to.equal(1);
    const [, part = ''] =
      /\nreport until then: (\S+)\nThe database was lost\. Run the same command again; what was done stays done\.\n$/.exec(
        stderr,
      ) ?? [];
    expect(readFileSync(part, 'utf8'), stderr).to.match(
      /^line,code,reason,email\n2,identity\.email-rejected,/,
    );
    expect(readFileSync(reportPath, 'utf8')).to.equal(mended);

    writeFileSync(path, 'email\nnobody\n');
    expect((await run()).code).to.equal(1);
    expect(reportOf().map(({ email }) => email)).to.deep.equal(['nobody']);
    expect(readFileSync(`${reportPath}.1`, 'utf8')).to.equal(mended);
    writeFileSync(reportPath, 'email\nsomebody@example.org\n');
    expect((await run()).stderr).to.match(/people\.refused\.csv is there and is no report/);
    expect(readFileSync(reportPath, 'utf8')).to.equal('email\nsomebody@example.org\n');
  });

  it('lets two who import the same file at once share it', async () => {
    writeFileSync(
      path,
      `email\n${Array.from({ length: 400 }, (_, index) => `p${String(index)}@example.org`).join('\n')}\n`,
    );
    const endings = await Promise.all(
      ['one.csv', 'two.csv'].map((report) => run('--report', join(folder, report))),
    );
    const counts = endings.map((ending) =>
      /^imported (\d+), already there (\d+), refused 0,/.exec(summaryOf(ending)),
    );
    expect(endings.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(counts.reduce((sum, found) => sum + Number(found?.[1]), 0)).to.equal(400);
    expect(await numberOf('users')).to.equal(400);
  });

  it('refuses what is no such file before anything is made of it', async () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['email,secret\na@example.org,x\n', /Unknown column "secret"/],
      ['email\na@example.org\n"b@example.org\n', /never closed/],
    ];
    for (const [text, reason] of refused) {
      writeFileSync(path, text);
      const { code, stdout, stderr } = await runHere(['users', 'import', path], env);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.match(reason);
      expect(stderr.trimEnd().split('\n')).to.have.length(1);
    }
    const missing = await runHere(['users', 'import', join(folder, 'none.csv')], env);
    const ownReport = await runHere(['users', 'import', path, '--report', path], env);
    expect([missing.code, ownReport.code]).to.deep.equal([1, 1]);
    expect(ownReport.stderr).to.match(/would replace the file/);
    expect(await numberOf('users')).to.equal(0);
  });
});
