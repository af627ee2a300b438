import { setTimeout } from 'node:timers/promises';
import pg from 'pg';

/** The tables as one installation has them: other order, a column that Casegate does not know, another one missing. */
const SCHEMA = `
CREATE TABLE rn_requests (
  created_at      timestamptz NOT NULL DEFAULT now(),
  vendor_id       text,
  clinic_code     varchar(8) NOT NULL DEFAULT 'main',
  user_identifier text,
  uuid            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_crypt      text,
  user_id         text,
  status          text DEFAULT 'new',
  question        text
);
CREATE INDEX rn_requests_vendor_idx ON rn_requests (vendor_id, created_at);
COMMENT ON TABLE rn_requests IS 'requests of the gateway';
CREATE TABLE nest_sessions (sid varchar NOT NULL PRIMARY KEY, sess json NOT NULL, expire timestamp(6) NOT NULL);
CREATE TABLE check_user_log (id bigserial PRIMARY KEY, user_identifier text, is_valid boolean, created_at timestamptz DEFAULT now());
INSERT INTO rn_requests (created_at, vendor_id, user_identifier, user_crypt, user_id, status, question)
SELECT timestamptz '2026-01-01' + n * interval '1 minute', 'vendor-' || n % 3, lpad(n::text, 9, '0'), md5(n::text),
  CASE WHEN n % 4 > 0 THEN 'u-' || n END, CASE WHEN n % 7 > 0 THEN 'answered' ELSE 'new' END, 'question ' || n
FROM generate_series(1, 2000) AS n;
INSERT INTO nest_sessions SELECT 's' || n, '{"cookie": {}}', timestamp '2027-01-01' FROM generate_series(1, 50) AS n;
INSERT INTO check_user_log (user_identifier, is_valid) SELECT n::text, true FROM generate_series(1, 50) AS n;`;

/** One value over every value that the legacy service had stored before it went on writing. */
const CHECKSUM = `
SELECT md5(string_agg(line, '|' ORDER BY line)) AS checksum FROM (
  SELECT concat_ws('~', created_at, vendor_id, clinic_code, user_identifier, uuid, user_crypt, user_id, status, question) AS line
    FROM rn_requests WHERE vendor_id IS DISTINCT FROM 'live'
  UNION ALL SELECT concat_ws('~', sid, sess::text, expire) FROM nest_sessions
  UNION ALL SELECT concat_ws('~', id, user_identifier, is_valid, created_at) FROM check_user_log
) AS lines`;

/** The definition of the legacy tables: columns in order, indexes, constraints, comments. */
const DEFINITION = `
SELECT c.relname, obj_description(c.oid) AS comment,
  (SELECT string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT string_agg(pg_get_indexdef(i.indexrelid), ', ' ORDER BY i.indexrelid::regclass::text) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,
  (SELECT string_agg(pg_get_constraintdef(k.oid), ', ' ORDER BY k.conname) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n') AS constraints
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname IN ('rn_requests', 'nest_sessions', 'check_user_log')
ORDER BY c.relname`;

/** Runs `work` with a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'test' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Gives a database the legacy tables, with rows. */
export const makeLegacyTables = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(SCHEMA);
  });

/** What must be the same before and after. */
export const legacyChecksum = (url: string): Promise<string> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ checksum: string }>(CHECKSUM);
    return rows[0]!.checksum;
  });

/** How the legacy tables are defined. */
export const legacyDefinition = (url: string): Promise<readonly unknown[]> =>
  withClient(url, async (client) => (await client.query<Record<string, unknown>>(DEFINITION)).rows);

/** A legacy service at work: inserts, updates and reads, one statement after the other, each of them timed. */
export class LegacyWriter {
  readonly failures: string[] = [];
  slowestMs = 0;
  statements = 0;
  readonly #client: pg.Client;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async start(url: string): Promise<LegacyWriter> {
    const client = new pg.Client({ connectionString: url, application_name: 'legacy' });
    await client.connect();
    const writer = new LegacyWriter(client);
    writer.#running = writer.#work();
    return writer;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#client.end();
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      await this.#run(
        `INSERT INTO rn_requests (vendor_id, user_identifier, question) VALUES ('live', '123456782', 'how long?')`,
      );
      await this.#run(
        `UPDATE rn_requests SET status = 'answered' WHERE vendor_id = 'live' AND status = 'new'`,
      );
      await this.#run(
        `SELECT * FROM rn_requests WHERE vendor_id = 'vendor-1' ORDER BY created_at DESC LIMIT 20`,
      );
      await this.#run(
        `DELETE FROM rn_requests WHERE vendor_id = 'live' AND created_at < now() - interval '1 second'`,
      );
      await setTimeout(2);
    }
  }

  async #run(text: string): Promise<void> {
    const start = performance.now();
    try {
      await this.#client.query(text);
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
    }
    this.statements += 1;
    this.slowestMs = Math.max(this.slowestMs, performance.now() - start);
  }
}
