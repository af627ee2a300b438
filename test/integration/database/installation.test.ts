import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { checkInstallation, claimInstallation } from '../../../src/adapters/postgres/installation.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';

const keys = () => ({ masterKeyCheck: randomBytes(32), auditKeyCheck: randomBytes(32) });

describe('The installation', () => {
  let test: TestDatabase;
  let database: PostgresDatabase;
  let statements: PoolStatements;

  beforeEach(async () => {
    test = await freshDatabase();
    database = openDatabase({ url: test.url, prepared: true });
    statements = new PoolStatements(database.kysely);
    await database.kysely.deleteFrom('installation').execute();
  });
  afterEach(async () => {
    await database.close();
    await test.drop();
  });

  const anonymousCases = async () =>
    (await database.kysely.selectFrom('installation').select('anonymous_cases').executeTakeFirstOrThrow())
      .anonymous_cases;

  it('is tied to the keys of its first start, and each start says whether anonymous cases are allowed', async () => {
    const own = keys();
    expect(await checkInstallation(statements, own)).to.equal('ok');
    expect(await claimInstallation(statements, { ...own, anonymousCases: true })).to.equal('ok');
    expect(await anonymousCases()).to.equal(true);
    expect(await claimInstallation(statements, { ...own, anonymousCases: false })).to.equal('ok');
    expect(await anonymousCases()).to.equal(false);
    expect(await checkInstallation(statements, own)).to.equal('ok');
  });

  it('refuses other keys, tells which, and changes nothing for them', async () => {
    const own = keys();
    await claimInstallation(statements, { ...own, anonymousCases: false });
    const otherMaster = { ...own, masterKeyCheck: randomBytes(32), anonymousCases: true };
    const otherAudit = { ...own, auditKeyCheck: randomBytes(32), anonymousCases: true };
    expect(await claimInstallation(statements, otherMaster)).to.equal('master-key-mismatch');
    expect(await claimInstallation(statements, otherAudit)).to.equal('audit-key-mismatch');
    expect(await checkInstallation(statements, otherMaster)).to.equal('master-key-mismatch');
    expect(await checkInstallation(statements, otherAudit)).to.equal('audit-key-mismatch');
    expect(await anonymousCases()).to.equal(false);
    expect(await claimInstallation(statements, { ...own, anonymousCases: false })).to.equal('ok');
  });

  it('is tied to one of several keys that start at once', async () => {
    const starts = Array.from({ length: 8 }, () => ({ ...keys(), anonymousCases: true }));
    const verdicts = await Promise.all(starts.map((start) => claimInstallation(statements, start)));
    expect(verdicts.filter((verdict) => verdict === 'ok')).to.have.length(1);
  });
});
