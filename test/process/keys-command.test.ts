import { expect } from 'chai';
import {
  CHEAP,
  endCasegateProcesses,
  newKeys,
  type ProcessEnv,
  runCommand,
} from '../support/service-process.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres.ts';
import { query } from '../integration/embedded-postgres/scratch.ts';

const SIGNS = /^(\S+) {2}EdDSA {2}made \d{4}-\S+Z {2}signs$/;
const ACCEPTED = /^(\S+) {2}EdDSA {2}made \d{4}-\S+Z {2}accepted until (\d{4}-\S+Z)$/;

describe('casegate keys', () => {
  let database: TestDatabase;
  let env: ProcessEnv;
  before(async () => {
    database = await freshDatabase();
    env = { ...CHEAP, ...newKeys(), DATABASE_URL: database.url };
  });
  after(async () => {
    await endCasegateProcesses();
    await database.drop();
  });

  async function keys(action: string): Promise<readonly string[]> {
    const { code, stderr, stdout } = await runCommand(['keys', action], env);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return stdout.trimEnd().split('\n');
  }

  it('list has the one that signs, made when there was none', async () => {
    const listed = await keys('list');
    expect(listed).to.have.length(1);
    expect(listed[0]).to.match(SIGNS);
    expect(await keys('list')).to.deep.equal(listed);
  });

  it('rotate lets a new one sign, and the former one count for as long as its tokens live', async () => {
    const [former = ''] = await keys('list');
    const [rotated = ''] = await keys('rotate');
    const listed = await keys('list');
    expect(listed).to.have.length(2);
    expect(listed[0]).to.equal(rotated).and.to.match(SIGNS);
    const [, kid, until = ''] = ACCEPTED.exec(listed[1] ?? '') ?? [];
    expect(kid).to.equal(SIGNS.exec(former)?.[1]);
    expect(new Date(until).getTime() - Date.now()).to.be.within(600_000, 1_200_000);
  });

  it('keeps every private key sealed, and prints none', async () => {
    const rows = await query(
      database.url,
      `SELECT kid, public_key ? 'd' AS bare, length(sealed_private_key) > 48 AS sealed FROM signing_keys`,
    );
    expect(rows).to.have.length(2);
    for (const row of rows) expect(row).to.include({ bare: false, sealed: true });
  });

  it('refuses another MASTER_KEY without a stack, and rotates nothing', async () => {
    const wrong = { ...env, MASTER_KEY: newKeys().MASTER_KEY };
    const { code, stderr, stdout } = await runCommand(['keys', 'rotate'], wrong);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(/^MASTER_KEY does not open this database: .*\n$/);
    expect(await keys('list')).to.have.length(2);
  });
});
