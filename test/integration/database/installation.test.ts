import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { checkInstallation, claimInstallation } from '../../../src/adapters/postgres/installation.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';

const ALLOWED = { text: 'SELECT anonymous_cases AS allowed FROM installation' };

const keys = () => ({ masterKeyCheck: randomBytes(32), auditKeyCheck: randomBytes(32) });

const ALLOW = { anonymousCases: true, enforced: true, told: false };
const REFUSE = { ...ALLOW, anonymousCases: false };

describe('The installation', () => {
  let test: TestDatabase;
  let database: PostgresDatabase;
  let statements: PoolStatements;

  beforeEach(async () => {
    test = await freshDatabase();
    database = openDatabase({ url: test.url, prepared: true });
    statements = new PoolStatements(database.kysely);
    await statements.run({ text: 'DELETE FROM installation' }, []);
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const anonymousCases = async () => (await statements.run<{ allowed: boolean }>(ALLOWED, []))[0]?.allowed;

  it('is tied to the keys of its first start, and each start says whether anonymous cases are allowed', async () => {
    const own = keys();
    expect(await checkInstallation(statements, own)).to.equal('ok');
    expect(await claimInstallation(statements, own, ALLOW)).to.equal('ok');
    expect(await anonymousCases()).to.equal(true);
    expect(await claimInstallation(statements, own, REFUSE)).to.equal('ok');
    expect(await anonymousCases()).to.equal(false);
    expect(await checkInstallation(statements, own)).to.equal('ok');
  });

  it('refuses anonymous cases from then on to whoever was not told to allow them, and changes nothing for him', async () => {
    const own = keys();
    await claimInstallation(statements, own, REFUSE);
    expect(await claimInstallation(statements, own, ALLOW)).to.equal('anonymous-cases-refused');
    expect(await anonymousCases()).to.equal(false);
    expect(await claimInstallation(statements, own, { ...ALLOW, told: true })).to.equal('ok');
    expect(await anonymousCases()).to.equal(true);
  });

  it('keeps the word of the service where a command or a job says otherwise', async () => {
    const own = keys();
    await claimInstallation(statements, own, REFUSE);
    expect(await claimInstallation(statements, own, { ...ALLOW, enforced: false })).to.equal('ok');
    expect(await anonymousCases()).to.equal(false);
  });

  it('refuses other keys, tells which, and changes nothing for them', async () => {
    const own = keys();
    await claimInstallation(statements, own, REFUSE);
    const otherMaster = { ...own, masterKeyCheck: randomBytes(32) };
    const otherAudit = { ...own, auditKeyCheck: randomBytes(32) };
    expect(await claimInstallation(statements, otherMaster, ALLOW)).to.equal('master-key-mismatch');
    expect(await claimInstallation(statements, otherAudit, ALLOW)).to.equal('audit-key-mismatch');
    expect(await checkInstallation(statements, otherMaster)).to.equal('master-key-mismatch');
    expect(await checkInstallation(statements, otherAudit)).to.equal('audit-key-mismatch');
    expect(await anonymousCases()).to.equal(false);
    expect(await claimInstallation(statements, own, REFUSE)).to.equal('ok');
  });

  it('is tied to one of several keys that start at once', async () => {
    const starts = Array.from({ length: 8 }, () => keys());
    const verdicts = await Promise.all(starts.map((start) => claimInstallation(statements, start, ALLOW)));
    expect(verdicts.filter((verdict) => verdict === 'ok')).to.have.length(1);
  });
});
