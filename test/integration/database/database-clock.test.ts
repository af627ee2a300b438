import { expect } from 'chai';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { DatabaseClock } from '../../../src/adapters/postgres/database-clock.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.ts';

const apart = (clock: DatabaseClock): number => Math.abs(clock.now().getTime() - Date.now());

describe('the clock of an installation', () => {
  let testDatabase: TestDatabase;
  let database: PostgresDatabase;

  before(async () => {
    testDatabase = await emptyDatabase();
    database = openDatabase({ url: testDatabase.url, prepared: true });
  });

  after(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const clockOf = (machine?: () => number) => new DatabaseClock(new PoolStatements(database.kysely), machine);

  it('leaves a machine alone whose clock is right', async () => {
    const clock = clockOf(() => 1_000_000_000_000 + 100);
    expect(clock.now().getTime()).to.equal(1_000_000_000_100);
    const right = clockOf();
    await right.compare();
    expect(apart(right)).to.be.lessThan(50);
  });

  for (const seconds of [-30, 30, 3600]) {
    it(`corrects a clock that is ${String(seconds)} s off by the database's`, async () => {
      const clock = clockOf(() => Date.now() + seconds * 1000);
      expect(apart(clock)).to.be.greaterThan(25_000);
      await clock.compare();
      expect(apart(clock)).to.be.lessThan(500);
    });
  }

  it('follows a machine whose clock is set right again', async () => {
    let offMs = 30_000;
    const clock = clockOf(() => Date.now() + offMs);
    await clock.compare();
    offMs = 0;
    await clock.compare();
    expect(apart(clock)).to.be.lessThan(50);
  });

  it('keeps its correction while the database does not answer', async () => {
    const gone = openDatabase({ url: testDatabase.url, prepared: true });
    const clock = new DatabaseClock(new PoolStatements(gone.kysely), () => Date.now() + 30_000);
    await clock.compare();
    await gone.close();
    await clock.compare();
    expect(apart(clock)).to.be.lessThan(500);
  });
});
