import type { Client } from 'pg';
import {
  LEGACY_TABLES,
  type OpenTransaction,
  type PreparedTransaction,
  type RoleFacts,
  type ServerSettings,
} from './legacy-facts.ts';

/** What limits statements and locks, and what replication, prepared transactions and hidden rows depend on. */
const TOLD_SETTINGS = [
  'default_transaction_isolation',
  'lock_timeout',
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'max_prepared_transactions',
  'wal_level',
];

const SERVER = `
SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
  (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone') AS "timeZone", pg_is_in_recovery() AS "isStandby",
  (SELECT reset_val = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only') AS "isReadOnly",
  current_setting('max_connections')::integer AS "maxConnections",
  (SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
  (SELECT jsonb_object_agg(name, CASE WHEN unit IS NULL OR reset_val = '0' THEN reset_val ELSE reset_val || ' ' || unit END)
    FROM pg_settings WHERE name = ANY ($1::text[])) AS settings,
  coalesce((SELECT jsonb_object_agg(coalesce('role ' || r.rolname, 'everybody'), split_part(c.setting, '=', 2))
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) AS c (setting)
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND split_part(lower(c.setting), '=', 1) = 'timezone'), '{}') AS "timeZonesByRole",
  coalesce((SELECT jsonb_agg(evtname ORDER BY evtname) FROM pg_event_trigger WHERE evtenabled <> 'D'), '[]') AS "eventTriggers"`;

const ROLE = `
SELECT current_user AS name, rolsuper AS "isSuperuser",
  has_schema_privilege('public', 'CREATE') AS "mayCreateTables",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchemas",
  pg_has_role('pg_read_all_stats', 'USAGE') AS "seesOthers"
FROM pg_roles WHERE rolname = current_user`;

/** Transactions of clients, and of a vacuum that does not give way; no text of any statement. */
const TRANSACTIONS = `
SELECT * FROM (
  SELECT a.pid, coalesce(nullif(a.application_name, ''), nullif(a.backend_type, 'client backend'), 'unnamed') AS application,
    a.usename AS role, coalesce(a.state, 'unknown') AS state,
    coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS seconds,
    coalesce((SELECT jsonb_agg(DISTINCT l.mode || ' on ' || c.relname) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      WHERE l.pid = a.pid AND l.granted AND l.locktype IN ('relation', 'tuple')
        AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1::text[])), '[]') AS locks,
    coalesce((SELECT jsonb_agg(DISTINCT l.mode || ' on ' || c.relname) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      WHERE l.pid = a.pid AND NOT l.granted
        AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1::text[])), '[]') AS "waitsFor"
  FROM pg_stat_activity a
  WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
) AS open
WHERE seconds >= 1 OR "waitsFor" <> '[]' OR (state = 'unknown' AND locks <> '[]')
ORDER BY locks = '[]', seconds DESC LIMIT 50`;

const PREPARED = `
SELECT gid AS name, owner, extract(epoch FROM clock_timestamp() - prepared)::float8 AS seconds
FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared LIMIT 50`;

const only = <Row>([row]: readonly Row[]): Row => {
  if (row === undefined) throw new Error('The server did not tell of itself.');
  return row;
};

/** What the server and the role are, and who has transactions open. */
export async function readServer(client: Client): Promise<{
  readonly server: ServerSettings;
  readonly role: RoleFacts;
  readonly transactions: readonly OpenTransaction[];
  readonly prepared: readonly PreparedTransaction[];
}> {
  const server = await client.query<ServerSettings>(SERVER, [TOLD_SETTINGS]);
  const role = await client.query<RoleFacts>(ROLE);
  const transactions = await client.query<OpenTransaction>(TRANSACTIONS, [LEGACY_TABLES]);
  const prepared = await client.query<PreparedTransaction>(PREPARED);
  return {
    server: only(server.rows),
    role: only(role.rows),
    transactions: transactions.rows,
    prepared: prepared.rows,
  };
}
