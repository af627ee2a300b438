import { expect } from 'chai';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { PostgresRefreshTokenStore } from '../../../src/adapters/postgres/stores/refresh-token-store.ts';
import { addSeconds } from '../../../src/domain/shared/time.ts';
import { newHash, NOW, plantSession, plantUser } from '../../contracts/stores/fixtures.ts';
import { ignoreJobs } from '../../support/ignore-jobs.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';
import { PostgresUnitOfWork } from '../../../src/adapters/postgres/unit-of-work.ts';

describe('A rotation that the server comes to when nobody waits for it any more', () => {
  let testDatabase: TestDatabase;
  let database: PostgresDatabase;

  before(async () => {
    testDatabase = await freshDatabase();
    database = openDatabase({ url: testDatabase.url, prepared: true });
  });

  after(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const storeAt = (seconds: number) =>
    new PostgresRefreshTokenStore(new PoolStatements(database.kysely), {
      now: () => addSeconds(new Date(), seconds),
    });

  it('leaves the token for the honest retry', async () => {
    const world = { unitOfWork: new PostgresUnitOfWork(database.kysely, ignoreJobs) };
    const user = await plantUser(world);
    const [presentedHash, successorHash] = [newHash(), newHash()];
    await plantSession(world, user, {}, presentedHash);
    const request = { presentedHash, successorHash, now: NOW, retrySeconds: 10 };
    await storeAt(-11).rotate(request);
    const later = { ...request, now: addSeconds(NOW, 30) };
    expect((await storeAt(0).rotate(later)).kind).to.equal('rotated');
    expect((await storeAt(0).rotate(later)).kind).to.equal('retried');
  });
});
