import { insertInto } from './columns.ts';

/** Rows that one addition takes away at most: more than come in, so that they never pile up. */
const PURGED_AT_ONCE = 10;
/** By how much a row must have expired before the new one does. Nothing that expires so soon after it was made lives as long. */
const LONG_AGO = '1 hour';

/**
 * Inserts a row into a table of things that expire soon, and takes away a few that expired long ago, by the time that the new row
 * tells. Rows that somebody else holds are left to him. One statement; the parameters come from `parametersOf`.
 *
 * @param columns with `expires_at` among them
 */
export function insertAndPurge(
  table: string,
  columns: Readonly<Record<string, string>>,
  primaryKey: string,
): string {
  const expiresAt = `$${String(Object.keys(columns).indexOf('expires_at') + 1)}::timestamptz`;
  return `WITH overdue AS (
      SELECT ${primaryKey} FROM ${table} WHERE expires_at < ${expiresAt} - interval '${LONG_AGO}'
      ORDER BY expires_at LIMIT ${String(PURGED_AT_ONCE)} FOR UPDATE SKIP LOCKED
    ), purged AS (
      DELETE FROM ${table} USING overdue WHERE ${table}.${primaryKey} = overdue.${primaryKey}
    )
    ${insertInto(table, columns)}`;
}
