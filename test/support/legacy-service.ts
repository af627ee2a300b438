import { randomUUID } from 'node:crypto';
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
    const { rows } = await client.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = 'rn_requests'::regclass AND attnum > 0`,
    );
    const writer = new LegacyWriter(client);
    writer.#running = writer.#work(new Map(rows.map(({ name, type }) => [name, type])));
    return writer;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#client.end();
  }

  /** @param columns types of the columns of rn_requests: installations differ in all but five */
  async #work(columns: ReadonlyMap<string, string>): Promise<void> {
    const touched = columns.get('status') === 'text' ? `status = 'answered'` : `user_crypt = 'touched'`;
    const latest = columns.has('created_at') ? 'created_at DESC' : 'uuid DESC';
    const written: string[] = [];
    while (!this.#stopped) {
      const uuid = randomUUID();
      await this.#run(
        `INSERT INTO rn_requests (uuid, vendor_id, user_identifier) VALUES ($1, 'live', '123456782')`,
        [uuid],
      );
      written.push(uuid);
      await this.#run(`UPDATE rn_requests SET ${touched} WHERE uuid = $1`, [uuid]);
      await this.#run(`SELECT * FROM rn_requests WHERE user_id IS NOT NULL ORDER BY ${latest} LIMIT 20`);
      if (written.length > 100) await this.#run('DELETE FROM rn_requests WHERE uuid = $1', [written.shift()]);
      await this.#run(`SELECT sess FROM nest_sessions WHERE sid = 'nobody''s' AND expire >= now()`);
      await setTimeout(2);
    }
  }

  async #run(text: string, values: readonly unknown[] = []): Promise<void> {
    const start = performance.now();
    try {
      await this.#client.query(text, [...values]);
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
    }
    this.statements += 1;
    this.slowestMs = Math.max(this.slowestMs, performance.now() - start);
  }
}
