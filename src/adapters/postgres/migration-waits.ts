import { setTimeout } from 'node:timers/promises';
import { MIGRATOR_NAME, type MigrationConnection } from './migration-connection.ts';

/** Milliseconds between two looks at whom something waits for. */
const LOOK_EVERY_MS = 1_000;

/**
 * Whoever holds the table first, then whoever has had a transaction open for longest, prepared ones too. Told by process and program,
 * never by what they run; a role that may not see the activity of others knows neither state nor time.
 */
const HOLDERS = `
SELECT told FROM (
  SELECT format('process %s (%s), %s for %s', a.pid,
      coalesce(nullif(a.application_name, ''), nullif(a.backend_type, 'client backend'), 'unnamed'),
      coalesce(a.state, 'in a transaction'),
      coalesce(round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s', 'an unknown time')) AS told,
    held.pid IS NOT NULL AS holds, a.xact_start AS since
  FROM pg_stat_activity a
  LEFT JOIN (SELECT DISTINCT pid FROM pg_locks WHERE granted AND relation = to_regclass($1)) AS held ON held.pid = a.pid
  WHERE a.datname = current_database() AND a.application_name <> '${MIGRATOR_NAME}'
    AND (held.pid IS NOT NULL OR a.xact_start < clock_timestamp() - interval '250 ms')
  UNION ALL
  SELECT format('prepared transaction %L of %s, for %s s', gid, owner,
      round(extract(epoch FROM clock_timestamp() - prepared))), true, prepared
  FROM pg_prepared_xacts WHERE database = current_database()
) AS open
ORDER BY holds DESC, since NULLS FIRST LIMIT 3`;

/** Whom a process of the server waits for; nobody where it works. */
const BLOCKERS = `
SELECT format('process %s (%s)', pid, coalesce(nullif(application_name, ''), 'unnamed')) AS told
FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY xact_start`;

/** @returns at most three whom a step may have waited for, in words; the likeliest first */
export async function holdersOf(
  connection: MigrationConnection,
  table: string | null,
): Promise<readonly string[]> {
  const { rows } = await connection.query<{ told: string }>(HOLDERS, [table]);
  return rows.map(({ told }) => told);
}

/** Looks and tells until the signal comes. */
async function look(
  watcher: MigrationConnection,
  processId: number,
  tell: (waiting: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await watcher.query<{ told: string }>(BLOCKERS, [processId]);
    if (rows.length > 0) tell(`until the transaction of ${rows.map(({ told }) => told).join(', ')} ends`);
    await setTimeout(LOOK_EVERY_MS, undefined, { signal });
  }
}

/**
 * Tells again and again whom a process of the server waits for, from a second on until the signal comes. Never fails: what cannot be
 * seen is not told.
 *
 * @param watch opens a connection to look from, since the process's own is busy
 */
export async function tellWaits(
  processId: number,
  watch: () => Promise<MigrationConnection>,
  tell: (waiting: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    await setTimeout(LOOK_EVERY_MS, undefined, { signal });
    const watcher = await watch();
    await look(watcher, processId, tell, signal).finally(() => watcher.close());
  } catch {
    // Either the signal came, or there was nowhere to look from.
  }
}
