import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { errorCodeOf } from './pg-errors.ts';
import type { StatementNames } from './statement-names.ts';

/**
 * Errors after which a connection has no future: its plan no longer fits the table (0A000), it lost its statements (26000), or it
 * is read-only because its server was demoted (25006).
 */
const SPENT = new Set(['0A000', '26000', '25006']);

/** A checked-out connection that runs statements by name. */
class NamedStatementClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #names: StatementNames | null;
  #spent = false;

  constructor(client: PoolClient, names: StatementNames | null) {
    this.#client = client;
    this.#names = names;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new TypeError('Cursors are not supported.');
    return this.#run<R>(sql, parameters);
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy === true || this.#spent);
  }

  async #run<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const name = this.#names?.of(text);
    const values = parameters as unknown[];
    try {
      const result = await this.#client.query(name === undefined ? { text, values } : { name, text, values });
      return result as PostgresQueryResult<R>;
    } catch (error) {
      this.#judge(error);
      throw error;
    }
  }

  /** A statement that was given up on may still be answered: the connection must not serve anybody else. */
  #judge(error: unknown): void {
    const code = errorCodeOf(error);
    if (code === 'QUERY_TIMEOUT') void this.#client.end();
    else if (code !== null && SPENT.has(code)) this.#spent = true;
  }
}

/**
 * The pool as Kysely's dialect sees it: each statement that the server can plan gets a name, so that it is planned once a connection.
 *
 * @param names `null` where statements must not have names (a transaction pooler that does not keep them)
 */
export class NamedStatementPool implements PostgresPool {
  readonly options: object;
  readonly #pool: Pool;
  readonly #names: StatementNames | null;
  readonly #clients = new WeakMap<PoolClient, NamedStatementClient>();

  constructor(pool: Pool, names: StatementNames | null) {
    this.#pool = pool;
    this.#names = names;
    this.options = pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect();
    const known = this.#clients.get(client);
    if (known) return known;
    const named = new NamedStatementClient(client, this.#names);
    this.#clients.set(client, named);
    return named;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}
