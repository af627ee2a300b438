import { expect } from 'chai';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { inTransaction } from '../../../src/adapters/postgres/in-transaction.ts';
import { DatabaseFault } from '../../../src/adapters/postgres/pg-errors.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import type { Statement } from '../../../src/adapters/postgres/statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { failureOf, refusalOf } from '../../contracts/stores/expectations.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';

const MAKE: Statement<never> = { text: 'CREATE TABLE marks (mark integer PRIMARY KEY)' };
const MARK: Statement<never> = { text: 'INSERT INTO marks VALUES ($1::integer)' };
const MARKS: Statement<{ readonly mark: number }> = { text: 'SELECT mark FROM marks ORDER BY mark' };
const LOSE: Statement<never> = {
  text: `DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'serialization_failure'; END $$`,
};
const DIE: Statement<never> = { text: 'SELECT pg_terminate_backend(pg_backend_pid())' };

describe('A transaction', () => {
  let database: TestDatabase;
  let opened: PostgresDatabase;
  let pool: PoolStatements;

  beforeEach(async () => {
    database = await freshDatabase();
    opened = openDatabase({ url: database.url, prepared: true });
    pool = new PoolStatements(opened.kysely);
    await pool.run(MAKE, []);
  });
  afterEach(async () => {
    await opened.close();
    await database.drop();
  });

  const marks = async (): Promise<readonly number[]> => (await pool.run(MARKS, [])).map(({ mark }) => mark);

  it('is repeated as a whole where it lost against another, and keeps what the last run did', async () => {
    let runs = 0;
    await inTransaction(opened.kysely, async (statements) => {
      runs += 1;
      await statements.run(MARK, [runs]);
      if (runs < 4) await statements.run(LOSE, []);
    });
    expect(runs).to.equal(4);
    expect(await marks()).to.deep.equal([4]);
  });

  it('is unavailable where it lost each of four times', async () => {
    let runs = 0;
    const lost = inTransaction(opened.kysely, async (statements) => {
      runs += 1;
      await statements.run(MARK, [runs]);
      await statements.run(LOSE, []);
    });
    await refusalOf(Unavailable, lost);
    expect(runs).to.equal(4);
    expect(await marks()).to.deep.equal([]);
  });

  it('is not repeated for any other fault', async () => {
    let runs = 0;
    const failed = inTransaction(opened.kysely, async (statements) => {
      runs += 1;
      await statements.run(MARK, [1]);
      await statements.run(MARK, [1]);
    });
    expect(await failureOf(failed))
      .to.be.instanceOf(DatabaseFault)
      .and.to.include({ code: '23505' });
    expect(runs).to.equal(1);
  });

  it('is unavailable where its connection is lost, keeps nothing, and leaves the pool usable', async () => {
    const lost = inTransaction(opened.kysely, async (statements) => {
      await statements.run(MARK, [1]);
      await statements.run(DIE, []);
    });
    await refusalOf(Unavailable, lost);
    expect(await marks()).to.deep.equal([]);
  });

  it('takes no statement after its end', async () => {
    const late = await inTransaction(opened.kysely, (statements) =>
      Promise.resolve(() => statements.run(MARK, [1])),
    );
    await failureOf(late());
    expect(await marks()).to.deep.equal([]);
  });
});
