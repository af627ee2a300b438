import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  CHEAP,
  type Ending,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
} from '../support/service-process.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';

describe('casegate doctor', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  before(async () => {
    database = await emptyDatabase();
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  const doctor = (settings: ProcessEnv = {}): Promise<Ending> =>
    runCommand(['doctor'], { ...env, ...settings });

  /** One line a part; of those that are wrong, exactly one, which is returned. */
  function theFault({ code, stdout, stderr }: Ending): string {
    expect(code, stdout + stderr).to.equal(1);
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line).to.match(/^(ok {3}|WRONG) \S/);
    expect(stderr).to.equal('1 found wrong.\n');
    return lines.filter((line) => line.startsWith('WRONG ')).join('\n');
  }

  it('finds migrations that are pending, and does none of them', async () => {
    expect(theFault(await doctor())).to.match(/^WRONG migrations: \d+ pending; run: casegate migrate up$/);
    expect(await query(database.url, `SELECT FROM pg_tables WHERE tablename = 'users'`)).to.deep.equal([]);
  });

  it('finds that there is no key that signs', async () => {
    expect((await runCommand(['migrate', 'up'], env)).code).to.equal(0);
    expect(theFault(await doctor())).to.match(/^WRONG signing keys: there is none.*casegate keys rotate$/);
  });

  it('finds nothing wrong once that is done', async () => {
    expect((await runCommand(['keys', 'rotate'], env)).code).to.equal(0);
    const { code, stdout, stderr } = await doctor();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const index = 'legacy index (being built, 0 of 0 requests)';
    const parts = ['configuration (demo)', 'database', 'clock', 'migrations', index, 'keys', 'signing keys'];
    expect(stdout.trimEnd().split('\n')).to.deep.equal(parts.map((part) => `ok    ${part}`));
  });

  it('finds a tenant that vendors belong to and that does not exist', async () => {
    const folder = temporaryFolder('casegate-doctor-');
    const VENDORS = join(folder, 'vendors.json');
    const list = (tenant: string): void =>
      writeFileSync(VENDORS, JSON.stringify([{ vendorId: 'north', tenant }]));
    list('no-clinic');
    expect(theFault(await doctor({ VENDORS }))).to.match(
      /^WRONG vendors: VENDORS names tenants that do not exist: no-clinic; make them/,
    );
    list('default');
    const { code, stdout } = await doctor({ VENDORS });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^ok {4}vendors$/m);
    rmSync(folder, { recursive: true });
  });

  it('finds each setting that cannot be read', async () => {
    const { code, stdout, stderr } = await doctor({ PORT: 'canary', MASTER_KEY: 'canary' });
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^WRONG configuration PORT: must be a whole number from 0 to 65535$/m)
      .and.to.match(/^WRONG configuration MASTER_KEY: must be 32 random bytes.*openssl rand/m)
      .and.not.to.contain('canary');
    expect(stderr).to.equal('2 found wrong.\n');
  });

  it('finds what production does not allow', async () => {
    const { code, stdout } = await doctor({ CASEGATE_PROFILE: 'production' });
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^WRONG configuration PUBLIC_URL: set the https URL/m)
      .and.to.match(/^WRONG configuration SMTP_URL: set the connection string/m);
  });

  it('finds a database that is out of reach, and one that refuses the password', async () => {
    expect(theFault(await doctor({ DATABASE_URL: 'postgres://casegate:canary@127.0.0.1:9/casegate' })))
      .to.match(/^WRONG database: .*ECONNREFUSED.*DATABASE_URL/)
      .and.not.to.contain('canary');
    const url = new URL(database.url);
    url.username = 'nobody_known';
    url.password = 'canary';
    expect(theFault(await doctor({ DATABASE_URL: url.href })))
      .to.match(/^WRONG database: .*\(28(P01|000)\)/)
      .and.not.to.contain('canary');
  });

  it('finds keys that are not those of the database', async () => {
    expect(theFault(await doctor({ MASTER_KEY: newKeys().MASTER_KEY }))).to.match(
      /^WRONG keys: MASTER_KEY does not open this database: .*Set that key/,
    );
    expect(theFault(await doctor({ AUDIT_KEY: newKeys().AUDIT_KEY }))).to.match(
      /^WRONG keys: AUDIT_KEY is not the key of this database: .*Set that key/,
    );
  });

  it('tells of settings that have no effect', async () => {
    const { code, stdout } = await doctor({ REDIS_URL: 'redis://canary' });
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^ok {4}configuration REDIS_URL \(has no effect/m)
      .and.not.to.contain('canary');
  });
});
