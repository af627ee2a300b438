import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createMigrator } from '../../src/adapters/postgres/migrator.ts';
import { startPostgresServer, type PostgresServer } from './postgres-server.ts';

/** A database of one suite. */
export interface TestDatabase {
  readonly url: string;
  /** Ends whatever is still connected, and drops it. */
  readonly drop: () => Promise<void>;
}

const RUN = randomBytes(4).toString('hex');
const TEMPLATE = `casegate_test_${RUN}_template`;

let server: Promise<PostgresServer> | null = null;
let template: Promise<void> | null = null;
let made = 0;
/** One command at a time: a template cannot be copied while it is being made. */
let queue: Promise<unknown> = Promise.resolve();

const urlOf = (base: string, database: string): string => {
  const url = new URL(base);
  url.pathname = `/${database}`;
  return url.href;
};

async function runOn(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function onServer(...statements: readonly string[]): Promise<void> {
  const { url } = await (server ??= startPostgresServer());
  const done = queue.then(() => runOn(url, ...statements));
  queue = done.catch(() => undefined);
  await done;
}

async function makeTemplate(): Promise<void> {
  const { url: base } = await (server ??= startPostgresServer());
  await onServer(`CREATE DATABASE ${TEMPLATE}`);
  const url = urlOf(base, TEMPLATE);
  await createMigrator({ directUrl: url }).up();
  await runOn(url, 'INSERT INTO installation (anonymous_cases) VALUES (true)');
}

/** Drops what the run made, and stops the server that it started; for the end of the run. */
export async function stopTestServer(): Promise<void> {
  if (!server) return;
  const running = await server.catch(() => null);
  if (!running) return;
  if (template) await onServer(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
  await running.stop();
}

async function createDatabase(from: string): Promise<TestDatabase> {
  made += 1;
  const name = `casegate_test_${RUN}_${made}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${from}`);
  const { url } = await (server ??= startPostgresServer());
  return { url: urlOf(url, name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A migrated database without accounts, in which anonymous cases are allowed; the first call starts the server. */
export async function freshDatabase(): Promise<TestDatabase> {
  await (template ??= makeTemplate());
  return createDatabase(TEMPLATE);
}

/** A database without anything in it. */
export const emptyDatabase = (): Promise<TestDatabase> => createDatabase('template0');
