import type pg from 'pg';
import type { LegacyInstallation } from './legacy-installation.ts';
import type { LegacyRequestRow } from './legacy-requests.ts';
import type { LegacySessionRow } from './legacy-sessions.ts';

/** A row of check_user_log. */
export interface LegacyCheckRow {
  readonly user_identifier: string;
  readonly vendor_id: string | null;
  readonly is_valid: boolean;
  readonly status_code: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

/** As many rows as one statement inserts. */
const BATCH = 5_000;

/** Makes the three legacy tables of the installation, with their own indexes. */
export async function createLegacyTables(client: pg.Client, installation: LegacyInstallation): Promise<void> {
  const { columns, extraColumns, sessionType } = installation;
  const defaults: Readonly<Record<string, string>> = {
    status: columns.status === 'smallint' ? 'DEFAULT 0' : `DEFAULT 'new'`,
    created_at: 'NOT NULL DEFAULT now()',
  };
  const optional = Object.entries(columns).flatMap(([name, type]) =>
    type === null ? [] : [`${name} ${type} ${defaults[name] ?? ''}`],
  );
  const definitions = [
    'uuid uuid PRIMARY KEY DEFAULT gen_random_uuid()',
    'user_id text',
    'user_identifier text',
    'user_crypt text',
    'vendor_id text',
    ...optional,
    ...extraColumns,
  ];
  await client.query(`
    CREATE TABLE rn_requests (${definitions.join(', ')});
    CREATE INDEX rn_requests_user_identifier_idx ON rn_requests (user_identifier);
    CREATE TABLE nest_sessions (sid varchar NOT NULL PRIMARY KEY, sess ${sessionType} NOT NULL, expire timestamp(6) NOT NULL);
    CREATE INDEX "IDX_session_expire" ON nest_sessions (expire);
    CREATE TABLE check_user_log (
      id bigserial PRIMARY KEY, user_identifier text, vendor_id text, is_valid boolean, status_code integer, response text,
      created_at timestamptz NOT NULL DEFAULT now()
    )`);
}

/** Fills them. */
export async function fillLegacyTables(
  client: pg.Client,
  installation: LegacyInstallation,
  rows: {
    readonly requests: readonly LegacyRequestRow[];
    readonly sessions: readonly LegacySessionRow<unknown>[];
    readonly checks: readonly LegacyCheckRow[];
  },
): Promise<void> {
  const { columns, sessionTimeZone } = installation;
  const optional = Object.entries(columns).flatMap(([name, type]) => (type === null ? [] : [name]));
  const names = ['uuid', 'user_id', 'user_identifier', 'user_crypt', 'vendor_id', ...optional];
  await insert(client, 'rn_requests', names, rows.requests);
  await insert(
    client,
    'check_user_log',
    ['user_identifier', 'vendor_id', 'is_valid', 'status_code', 'created_at'],
    rows.checks,
  );
  // As connect-pg-simple writes: an instant, which the session's time zone makes local.
  await client.query(`SELECT set_config('TimeZone', $1, false)`, [sessionTimeZone]);
  for (const { expire, sess, sid } of rows.sessions) {
    await client.query('INSERT INTO nest_sessions (sess, expire, sid) SELECT $1, to_timestamp($2), $3', [
      JSON.stringify(sess),
      expire.getTime() / 1000,
      sid,
    ]);
  }
  await client.query('RESET TimeZone');
}

async function insert(
  client: pg.Client,
  table: string,
  names: readonly string[],
  rows: readonly object[],
): Promise<void> {
  const list = names.join(', ');
  for (let start = 0; start < rows.length; start += BATCH) {
    await client.query(
      `INSERT INTO ${table} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${table}, $1)`,
      [JSON.stringify(rows.slice(start, start + BATCH))],
    );
  }
}
