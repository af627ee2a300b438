import { Client } from 'pg';
import { connectionOptions } from '../adapters/postgres/connection-options.ts';
import { errorCodeOf } from '../adapters/postgres/pg-errors.ts';
import { StartRefused } from './start-refusal.ts';

/** The oldest PostgreSQL that is supported, as `server_version_num` writes it. */
const OLDEST = 140_000;

/** What a server tells of itself. */
export interface ServerFacts {
  /** Such as `18.4`. */
  readonly version: string;
  /** Its clock, read between `askedAt` and `answeredAt` of ours. */
  readonly now: Date;
  readonly askedAt: Date;
  readonly answeredAt: Date;
}

/**
 * Connects once, so that a database that cannot be used is told apart from everything that could go wrong later.
 *
 * @throws {StartRefused} where it cannot be reached, refuses the credentials, or is too old
 */
export async function checkServer(url: string): Promise<ServerFacts> {
  const client = new Client(connectionOptions(url, true));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const askedAt = new Date();
    const { rows } = await client.query<{ version: string; number: number; now: Date }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::integer AS number,
        clock_timestamp() AS now`,
    );
    const [row] = rows;
    if (!row || row.number < OLDEST) {
      throw new StartRefused(
        `The database is PostgreSQL ${row?.version ?? 'of no version'}; 14 or later is needed.`,
      );
    }
    return { version: row.version, now: row.now, askedAt, answeredAt: new Date() };
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    const code = errorCodeOf(error) ?? 'no answer';
    throw new StartRefused(
      `The database cannot be used (${code}). See that PostgreSQL runs where DATABASE_URL says, and takes its user and password.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
