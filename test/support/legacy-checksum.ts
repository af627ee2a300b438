import type pg from 'pg';
import { withClient } from './legacy-service.ts';

const LEGACY_TABLES = ['rn_requests', 'nest_sessions', 'check_user_log'];
/** What Casegate adds to them. */
const ADDED = ['user_uuid'];

const COLUMNS = `
SELECT quote_ident(attname) AS name FROM pg_attribute
WHERE attrelid = to_regclass('public.' || $1) AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($2::text[])
ORDER BY attname`;

/** Rows of a legacy service that goes on writing meanwhile, as LegacyWriter does, do not count. */
const THERE_BEFORE = `vendor_id IS DISTINCT FROM 'live'`;

async function ofTable(client: pg.Client, table: string, where: string): Promise<string> {
  const { rows: columns } = await client.query<{ name: string }>(COLUMNS, [table, ADDED]);
  if (columns.length === 0) return 'none';
  // A row as text tells NULL from an empty text; a sum is the same in whatever order the rows come.
  const row = `ROW(${columns.map(({ name }) => `${name}::text`).join(', ')})::text`;
  const { rows } = await client.query<{ checksum: string }>(
    `SELECT count(*) || ' rows ' || coalesce(sum(('x' || left(md5(${row}), 15))::bit(60)::bigint::numeric), 0)
       || ' ' || coalesce(sum(('x' || right(md5(${row}), 15))::bit(60)::bigint::numeric), 0) AS checksum
     FROM public.${table} WHERE ${where}`,
  );
  return `(${columns.map(({ name }) => name).join(', ')}) ${rows[0]?.checksum ?? ''}`;
}

/**
 * One text over every value in every column that the legacy service had, in whatever order rows and columns are: the same before and
 * after, or a value was changed, a row added or removed. Read in one snapshot.
 */
export const legacyChecksum = (url: string): Promise<string> =>
  withClient(url, async (client) => {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL TIME ZONE 'UTC'`);
    const lines: string[] = [];
    for (const table of LEGACY_TABLES) {
      const where = table === 'rn_requests' ? THERE_BEFORE : 'true';
      lines.push(`${table} ${await ofTable(client, table, where)}`);
    }
    await client.query('COMMIT');
    return lines.join('\n');
  });
