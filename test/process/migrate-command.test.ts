import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Ending, endCasegateProcesses, runCommand } from '../support/service-process.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations');

describe('casegate migrate', () => {
  let database: TestDatabase;
  let names: readonly string[];
  before(async () => {
    database = await emptyDatabase();
    const files = await readdir(MIGRATIONS);
    names = files.filter((name) => /^\d{4}_/.test(name)).map((name) => name.replace(/\.ts$/, ''));
    names = names.toSorted();
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  async function migrate(...args: readonly string[]): Promise<string> {
    const { code, stderr, stdout } = await runCommand(['migrate', ...args], { DATABASE_URL: database.url });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return stdout;
  }

  const tables = async (): Promise<readonly unknown[]> =>
    (await query(database.url, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).map(
      ({ tablename }) => tablename,
    );

  const statesOf = (stdout: string): readonly (string | undefined)[] =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ +/)[1]);

  it('status lists every migration as pending on an empty database', async () => {
    const lines = (await migrate('status')).trimEnd().split('\n');
    expect(lines).to.deep.equal(names.map((name) => `${name}  pending`));
  });

  it('plan prints the SQL of each of them, and changes nothing', async () => {
    const plan = await migrate('plan');
    for (const name of names.slice(0, 6)) expect(plan).to.contain(`-- ${name}`);
    expect(plan)
      .to.match(/^CREATE TABLE users \(/m)
      .and.to.match(/CREATE INDEX CONCURRENTLY/);
    expect(await tables()).to.not.include('users');
  });

  it('up does them in order, and nothing when repeated', async () => {
    const applied = (await migrate('up')).split('\n').filter((line) => line.startsWith('up '));
    expect(applied).to.deep.equal(names.map((name) => `up  ${name}`));
    expect(await tables()).to.include.members(['rn_requests', 'users', 'cases', 'audit_entries']);
    expect(statesOf(await migrate('status'))).to.deep.equal(names.map(() => 'applied'));
    expect(await migrate('up')).to.equal('Nothing to do.\n');
    expect(await migrate('plan')).to.equal('-- Nothing to do.\n');
  });

  it('down undoes the last one, as many as it is told, or all', async () => {
    const undone = (stdout: string): readonly string[] =>
      stdout.split('\n').filter((line) => line.startsWith('down '));
    const latestFirst = names.toReversed().map((name) => `down  ${name}`);
    expect(undone(await migrate('down'))).to.deep.equal(latestFirst.slice(0, 1));
    expect(statesOf(await migrate('status')).filter((state) => state === 'pending')).to.have.length(1);
    expect(undone(await migrate('down', '--steps', '2'))).to.deep.equal(latestFirst.slice(1, 3));
    expect(undone(await migrate('down', '--all'))).to.deep.equal(latestFirst.slice(3));
    expect(await tables()).to.not.include('users');
  });

  it('up works again after that', async () => {
    await migrate('up');
    expect(await tables()).to.include('users');
  });

  it('says which right a role lacks, without a stack, and leaves nothing half done', async () => {
    const role = `no_owner_${String(process.pid)}`;
    const other = await emptyDatabase();
    try {
      await query(other.url, `CREATE ROLE ${role} LOGIN PASSWORD 'canary'`);
      const url = new URL(other.url);
      [url.username, url.password] = [role, 'canary'];
      const { code, stderr } = await runCommand(['migrate', 'up'], { DATABASE_URL: url.href });
      expect(code).to.equal(1);
      expect(stderr)
        .to.match(
          /^The migration failed: permission denied for schema public \(42501\)\. .*DATABASE_OWNER_URL.*\n$/,
        )
        .and.not.to.match(/canary|^\s+at /m);
    } finally {
      await query(other.url, `DROP ROLE IF EXISTS ${role}`);
      await other.drop();
    }
  });

  it('says what is wrong with a database that it cannot use, without its password', async () => {
    const url = new URL(database.url);
    url.password = 'canary';
    url.pathname = '/no_such_database';
    const ending: Ending = await runCommand(['migrate', 'up'], { DATABASE_URL: url.href });
    expect(ending.code).to.equal(1);
    expect(ending.stderr)
      .to.match(/^The database cannot be used \((28P01|3D000)\)\. .*DATABASE_URL.*\n$/)
      .and.not.to.contain('canary');
  });
});
