import { setTimeout } from 'node:timers/promises';
import {
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  type DialectAdapter,
  type PostgresPool,
  type PostgresPoolClient,
} from 'kysely';
import { Client, type QueryResult, type QueryResultRow } from 'pg';
import { CONNECT_TIMEOUT_MS } from './connection-options.ts';

/** The advisory lock that whoever changes the schema of the database holds. */
const TURN_KEY = '7306091832471905331';
const TURN_POLL_MS = 200;
/** Milliseconds until a statement that should be quick counts as lost. */
const QUICK_MS = 30_000;

/** By what the server and others know the connection. */
export const MIGRATOR_NAME = 'casegate-migrate';

/** Another process has been changing the schema for too long. */
export class MigrationTurnNotCome extends Error {
  constructor(seconds: number) {
    super(
      `Another process has been migrating this database for ${seconds} s. See what it waits for, then run "casegate migrate up" again.`,
    );
    this.name = 'MigrationTurnNotCome';
  }
}

/** The turn is held by the whole run already: a second lock would be waited for with a statement that blocks. */
class TurnHeldAdapter extends PostgresAdapter {
  override acquireMigrationLock(): Promise<void> {
    return Promise.resolve();
  }
  override releaseMigrationLock(): Promise<void> {
    return Promise.resolve();
  }
}

class MigrationDialect extends PostgresDialect {
  override createAdapter(): DialectAdapter {
    return new TurnHeldAdapter();
  }
}

/**
 * The one connection of a migrator. The turn is an advisory lock of this very connection: when it is lost, so are the turn and the
 * work, together.
 */
export class MigrationConnection {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Connects within three seconds. */
  static async open(url: string): Promise<MigrationConnection> {
    const client = new Client({
      connectionString: url,
      application_name: MIGRATOR_NAME,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    const connection = new MigrationConnection(client);
    await connection.query('SET search_path TO public; SET idle_in_transaction_session_timeout TO 5000');
    return connection;
  }

  /**
   * Runs one statement, or several without parameters.
   *
   * @param timeoutMs milliseconds to wait for the answer; 0 waits as long as it takes
   */
  query<Row extends QueryResultRow>(
    text: string,
    values?: unknown[],
    timeoutMs = QUICK_MS,
  ): Promise<QueryResult<Row>> {
    const config = { text, query_timeout: timeoutMs, ...(values ? { values } : {}) };
    return this.#client.query<Row>(config);
  }

  /**
   * Waits for the turn by asking again and again: a statement that waits would hold a snapshot, for which the builder of a concurrent
   * index waits in turn.
   *
   * @param limitMs milliseconds to wait at most
   * @throws {MigrationTurnNotCome}
   */
  async takeTurn(limitMs: number, onWait: () => void): Promise<void> {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const { rows } = await this.query<{ taken: boolean }>(
        'SELECT pg_try_advisory_lock($1::bigint) AS taken',
        [TURN_KEY],
      );
      if (rows[0]?.taken === true) return;
      if (performance.now() > deadline) throw new MigrationTurnNotCome(Math.round(limitMs / 1000));
      onWait();
      await setTimeout(TURN_POLL_MS);
    }
  }

  /** The server's process that serves this connection. */
  async processId(): Promise<number> {
    const { rows } = await this.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return rows[0]?.pid ?? 0;
  }

  readonly #queryForKysely = (text: unknown, values: unknown = []): Promise<unknown> =>
    this.query(String(text), values as unknown[]);

  /** This connection as Kysely's; never to be destroyed by itself. */
  kysely(): Kysely<unknown> {
    const client: PostgresPoolClient = {
      query: this.#queryForKysely as PostgresPoolClient['query'],
      release: () => undefined,
    };
    const pool: PostgresPool = {
      connect: () => Promise.resolve(client),
      end: () => Promise.resolve(),
      options: {},
    };
    return new Kysely<unknown>({ dialect: new MigrationDialect({ pool }) });
  }

  /** Ends the connection, and with it the turn; a statement that runs is given up. */
  async close(): Promise<void> {
    await Promise.race([this.#client.end(), setTimeout(1_000, undefined, { ref: false })]);
  }
}
