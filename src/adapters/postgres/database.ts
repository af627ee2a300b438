import { setTimeout } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { connectionOptions } from './connection-options.ts';
import { NamedStatementPool } from './named-statement-pool.ts';
import { errorCodeOf } from './pg-errors.ts';
import { scriptRunner, type RunScript } from './script-runner.ts';
import { StatementNames } from './statement-names.ts';
import { TrackedSockets } from './tracked-sockets.ts';

/** Milliseconds that `close` waits for connections to end in good order. */
const CLOSE_GRACE_MS = 2_000;

/** How to reach the database. */
export interface DatabaseOptions {
  readonly url: string;
  /** Where `url` leads to a transaction pooler: the server itself. Tells that limits cannot be set at connecting. */
  readonly directUrl?: string | undefined;
  /** Whether statements run by name, planned once a connection; off behind a pooler that does not keep them. */
  readonly prepared: boolean;
  /** The most connections, 10 unless told. */
  readonly poolSize?: number | undefined;
  /** Told of connections that were lost, in words without anything personal. */
  readonly onError?: ((event: string) => void) | undefined;
}

/** The database as the stores see it. */
export interface PostgresDatabase {
  readonly kysely: Kysely<unknown>;
  /** For a library that brings its own SQL. */
  readonly runScript: RunScript;
  /** Ends every connection, within two seconds even where the server is frozen; may be called again. */
  readonly close: () => Promise<void>;
}

function openPool(options: DatabaseOptions, sockets: TrackedSockets): Pool {
  const pooler = !options.prepared || (options.directUrl ?? options.url) !== options.url;
  const pool = new Pool({
    ...connectionOptions(options.url, pooler),
    max: options.poolSize ?? 10,
    idleTimeoutMillis: 30_000,
    stream: sockets.create,
  });
  // Without these two a restart of Postgres would end the process: the pool speaks for idle connections, a client for itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', (error) => options.onError?.(`connection lost (${errorCodeOf(error) ?? 'closed'})`));
  });
  return pool;
}

async function closePool(pool: Pool, sockets: TrackedSockets): Promise<void> {
  const done = new AbortController();
  const overdue = setTimeout(CLOSE_GRACE_MS, undefined, { signal: done.signal }).then(
    () => {
      sockets.destroyAll();
    },
    () => undefined,
  );
  await Promise.race([pool.end().then(() => sockets.allClosed()), overdue]);
  done.abort();
}

/**
 * Opens the database; connects when first used. Every wait has a limit: 3 s for a connection, 8 s for a statement on the server,
 * 10 s for its answer.
 */
export function openDatabase(options: DatabaseOptions): PostgresDatabase {
  const sockets = new TrackedSockets();
  const pool = openPool(options, sockets);
  const names = options.prepared ? new StatementNames() : null;
  const kysely = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new NamedStatementPool(pool, names) }),
  });
  let closed: Promise<void> | null = null;
  return { kysely, runScript: scriptRunner(pool), close: () => (closed ??= closePool(pool, sockets)) };
}
