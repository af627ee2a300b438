import { expect } from 'chai';
import { sql } from 'kysely';
import { setTimeout } from 'node:timers/promises';
import { areMigrationsCurrent } from '../../../src/adapters/postgres/migrations-current.ts';
import { createMigrator } from '../../../src/adapters/postgres/migrator.ts';
import { openDatabase, type PostgresDatabase } from '../../../src/adapters/postgres/database.ts';
import { isUnavailable, translate } from '../../../src/adapters/postgres/pg-errors.ts';
import { PoolStatements } from '../../../src/adapters/postgres/pool-statements.ts';
import { Unavailable } from '../../../src/domain/access/errors.ts';
import { DEFAULT_TENANT_ID } from '../../../src/domain/shared/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { withClient } from '../../support/legacy-service.ts';
import { startRestartablePostgres, type RestartablePostgres } from '../../support/restartable-postgres.ts';

const ONE = { text: 'SELECT 1 AS one' };

describe('A database that fails', () => {
  let server: RestartablePostgres;
  let database: PostgresDatabase;
  let statements: PoolStatements;
  let events: string[];

  before(async function () {
    this.timeout(60_000);
    server = await startRestartablePostgres();
  });
  after(() => server.stop());
  beforeEach(() => {
    events = [];
    database = openDatabase({ url: server.url, prepared: true, onError: (event) => events.push(event) });
    statements = new PoolStatements(database.kysely);
  });
  afterEach(() => database.close());

  /** Connections that are idle, and one that is checked out. */
  const warmUp = () =>
    Promise.all(Array.from({ length: 6 }, () => statements.run({ text: 'SELECT pg_sleep(0.05)' }, [])));

  it('is used again after a restart, with every failure meanwhile told as unavailable', async () => {
    await warmUp();
    const failures: unknown[] = [];
    let passed = 0;
    const over = new AbortController();
    const traffic = Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) {
        await statements.run(ONE, []).then(
          () => (passed += 1),
          (error: unknown) => failures.push(error),
        );
        await setTimeout(5);
      }
    });
    await server.restart();
    const before = passed;
    await eventually(() => passed > before + 20);
    over.abort();
    await Promise.all(traffic);
    expect(failures).not.to.be.empty;
    expect(failures.filter((error) => !(error instanceof Unavailable))).to.deep.equal([]);
    expect(events.join())
      .to.match(/connection lost/)
      .and.not.to.contain('postgres://');
  });

  it('loses nothing but the transaction whose connection was ended', async () => {
    const only = openDatabase({ url: server.url, prepared: true, poolSize: 1 });
    const lost = await only.kysely
      .transaction()
      .execute(async (trx) => {
        const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(trx);
        await withClient(server.url, (client) =>
          client.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]),
        );
        await sql`SELECT 1`.execute(trx);
      })
      .catch((error: unknown) => error);
    expect(isUnavailable(lost), String(lost)).to.equal(true);
    expect(await new PoolStatements(only.kysely).run(ONE, [])).to.deep.equal([{ one: 1 }]);
    await only.close();
  });

  it('leaves no connection in use that somebody stopped waiting for', async () => {
    const short = openDatabase({ url: `${server.url}?query_timeout=300`, prepared: true, poolSize: 1 });
    const waiting = new PoolStatements(short.kysely);
    const pid = { text: 'SELECT pg_backend_pid() AS pid' };
    const [first] = await waiting.run<{ pid: number }>(pid, []);
    const limited = await waiting.run({ text: 'SELECT pg_sleep(2)' }, []).catch((error: unknown) => error);
    expect(limited).to.be.instanceOf(Unavailable);
    const [second] = await waiting.run<{ pid: number }>(pid, []);
    expect(second?.pid).not.to.equal(first?.pid);
    await short.close();
  });

  it('does not keep a closing process waiting while it is frozen', async () => {
    await warmUp();
    const busy = statements.run({ text: 'SELECT pg_sleep(5)' }, []).catch((error: unknown) => error);
    await server.freeze();
    const start = performance.now();
    try {
      await database.close();
    } finally {
      await server.thaw();
    }
    expect(performance.now() - start).to.be.lessThan(3_000);
    expect(await busy).to.be.instanceOf(Unavailable);
  });

  it('refuses a connection within three seconds while it is frozen', async () => {
    await server.freeze();
    const start = performance.now();
    try {
      const error = await statements.run(ONE, []).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Unavailable);
    } finally {
      await server.thaw();
    }
    expect(performance.now() - start).to.be.lessThan(4_000);
  });

  it('waits three seconds at most for a connection of an exhausted pool', async () => {
    const small = openDatabase({ url: server.url, prepared: true, poolSize: 1 });
    const pool = new PoolStatements(small.kysely);
    const busy = pool.run({ text: 'SELECT pg_sleep(4)' }, []);
    const start = performance.now();
    const error = await pool.run(ONE, []).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Unavailable);
    expect(performance.now() - start).to.be.within(2_900, 3_500);
    await busy;
    await small.close();
  });

  it('tells a violated constraint by its name, and never a value', async () => {
    await statements.run({ text: 'CREATE TABLE secrets (v text CONSTRAINT secrets_v_key UNIQUE)' }, []);
    const insert = { text: 'INSERT INTO secrets VALUES ($1)' };
    await statements.run(insert, ['dana@example.com']);
    const error = await statements.run(insert, ['dana@example.com']).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'DatabaseFault', code: '23505', constraint: 'secrets_v_key' });
    expect(JSON.stringify({ ...(error as object), text: String(error) })).not.to.contain('dana');
    expect(translate(new TypeError('a bug'))).to.be.instanceOf(TypeError);
  });

  it('is current for the service only when every migration is done', async () => {
    expect(await areMigrationsCurrent(database.kysely)).to.equal(false);
    const migrator = createMigrator({ directUrl: server.url });
    await migrator.up();
    expect(await areMigrationsCurrent(database.kysely)).to.equal(true);
    await migrator.down();
    expect(await areMigrationsCurrent(database.kysely)).to.equal(false);
    await migrator.down('all');
  });

  it('serves a role that owns nothing, with no more rights than the service needs', async () => {
    await statements.run({ text: `CREATE ROLE clerk LOGIN PASSWORD 'clerk'` }, []);
    const directUrl = Object.assign(new URL(server.url), { username: 'clerk', password: 'clerk' }).href;
    const migrator = createMigrator({ directUrl, ownerUrl: server.url });
    await migrator.up();
    expect(await migrator.plan()).to.deep.equal([]);
    const refusals = await withClient(directUrl, async (client) => {
      await client.query('SELECT count(*) FROM users');
      await client.query('UPDATE rn_requests SET user_uuid = NULL');
      await client.query(
        `INSERT INTO audit_entries (uuid, tenant_uuid, actor_kind, action, at, details)
         VALUES (gen_random_uuid(), '${DEFAULT_TENANT_ID}', 'system', 'test.done', now(), '{}')`,
      );
      const refused: string[] = [];
      for (const text of [
        'DELETE FROM audit_entries',
        'UPDATE rn_requests SET status = NULL',
        'DROP TABLE users',
        'UPDATE nest_sessions SET sid = sid',
      ]) {
        await client.query(text).catch((error: unknown) => refused.push((error as { code: string }).code));
      }
      return refused;
    });
    expect(refusals).to.deep.equal(['42501', '42501', '42501', '42501']);
  });
});
