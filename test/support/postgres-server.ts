import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { makeScratch } from '../integration/embedded-postgres/scratch.ts';
import { hasContainerEngine } from './has-container-engine.ts';

const IMAGE = 'postgres:16-alpine';

/** The PostgreSQL server of a test run. */
export interface PostgresServer {
  /** A role that may create databases. */
  readonly url: string;
  /** What it is, for the one line that says so. */
  readonly kind: string;
  readonly stop: () => Promise<void>;
}

async function startContainer(): Promise<PostgresServer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer(IMAGE).withStartupTimeout(60_000).start();
  return {
    url: container.getConnectionUri(),
    kind: `container ${IMAGE}`,
    stop: async () => {
      await container.stop();
    },
  };
}

async function startEmbedded(): Promise<PostgresServer> {
  const scratch = await makeScratch();
  const embedded = await startEmbeddedPostgres({ dataDir: scratch.dataDir });
  return {
    url: embedded.url,
    kind: 'embedded',
    stop: async () => {
      await embedded.stop();
      await scratch.remove();
    },
  };
}

async function choose(): Promise<PostgresServer> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, kind: 'TEST_DATABASE_URL', stop: () => Promise.resolve() };
  if (!(await hasContainerEngine())) return startEmbedded();
  try {
    return await startContainer();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stdout.write(`A container engine answers, but ${IMAGE} does not start there (${reason}).\n`);
    return startEmbedded();
  }
}

/** Sees that tests can make databases of their own, and tells the server's version. */
async function versionOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; allowed: boolean }>(
      `SELECT current_setting('server_version') AS version, rolcreatedb OR rolsuper AS allowed
       FROM pg_roles WHERE rolname = current_user`,
    );
    if (!rows[0]?.allowed) {
      throw new Error(
        'The role of TEST_DATABASE_URL may not create databases, which the tests need: ALTER ROLE … CREATEDB.',
      );
    }
    return rows[0].version;
  } finally {
    await client.end();
  }
}

/**
 * Finds the server for this run and says which: `TEST_DATABASE_URL`, else a container where an engine answers, else the embedded one.
 *
 * @throws where none can be had: tests fail then, they do not skip
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const server = await choose();
  try {
    process.stdout.write(`Database of this run: ${server.kind}, PostgreSQL ${await versionOf(server.url)}\n`);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
