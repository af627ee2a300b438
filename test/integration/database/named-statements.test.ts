import { expect } from 'chai';
import { CompiledQuery } from 'kysely';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { freshDatabase, type TestDatabase } from '../../support/postgres.ts';

const COUNT = 'SELECT count(*) AS n FROM tenants WHERE version > $1::integer';
const PREPARED =
  'SELECT statement, (generic_plans + custom_plans)::integer AS runs FROM pg_prepared_statements WHERE name <> $1';

describe('Statements of the database', () => {
  let test: TestDatabase;
  let database: PostgresDatabase;

  before(async () => {
    test = await freshDatabase();
  });
  after(() => test.drop());
  afterEach(() => database.close());

  const prepared = async (): Promise<readonly { statement: string; runs: number }[]> => {
    const result = await database.kysely.executeQuery(CompiledQuery.raw(PREPARED, ['']));
    return (result.rows as { statement: string; runs: number }[]).filter(
      ({ statement }) => statement === COUNT,
    );
  };

  it('are planned once a connection, inside transactions and outside', async () => {
    database = openDatabase({ url: test.url, prepared: true, poolSize: 1 });
    await database.kysely.executeQuery(CompiledQuery.raw(COUNT, [0]));
    await database.kysely.transaction().execute((trx) => trx.executeQuery(CompiledQuery.raw(COUNT, [1])));
    expect(await prepared()).to.deep.equal([{ statement: COUNT, runs: 2 }]);
  });

  it('have no name where the database is said not to keep them', async () => {
    database = openDatabase({ url: test.url, prepared: false, poolSize: 1 });
    await database.kysely.executeQuery(CompiledQuery.raw(COUNT, [0]));
    expect(await prepared()).to.deep.equal([]);
  });

  it('give whole numbers as numbers and times as dates', async () => {
    database = openDatabase({ url: test.url, prepared: true });
    const { rows } = await database.kysely.executeQuery(
      CompiledQuery.raw(
        `SELECT 9007199254740991::int8 AS safe, 9007199254740992::int8 AS beyond, timestamptz '2026-01-02T03:04:05.678Z' AS at`,
      ),
    );
    expect(rows).to.deep.equal([
      { safe: 9_007_199_254_740_991, beyond: '9007199254740992', at: new Date('2026-01-02T03:04:05.678Z') },
    ]);
  });

  it('run again after a change of the table that they read', async () => {
    database = openDatabase({ url: test.url, prepared: true, poolSize: 1 });
    const { kysely } = database;
    const read = () => kysely.executeQuery(CompiledQuery.raw('SELECT * FROM changing WHERE a = $1', [1]));
    await kysely.executeQuery(CompiledQuery.raw('CREATE TABLE changing (a integer)'));
    await read();
    await kysely.executeQuery(CompiledQuery.raw('ALTER TABLE changing ADD COLUMN b integer'));
    const first = await read().then(
      () => 'passed',
      () => 'failed',
    );
    const second = await read();
    expect([first, second.rows]).to.deep.equal(['failed', []]);
  });

  it('have limits on the server', async () => {
    database = openDatabase({ url: test.url, prepared: true });
    const { rows } = await database.kysely.executeQuery(
      CompiledQuery.raw(
        `SELECT current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('application_name') AS name`,
      ),
    );
    expect(rows).to.deep.equal([{ statement: '8s', idle: '10s', name: 'casegate' }]);
  });
});
