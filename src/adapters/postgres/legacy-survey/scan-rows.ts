import type { Client } from 'pg';
import { errorCodeOf } from '../pg-errors.ts';
import type { Unread } from './legacy-facts.ts';

const BATCH = 2_000;
/** Milliseconds to wait for a table that somebody changes; whoever comes behind waits as long. */
const LOCK_TIMEOUT_MS = 300;
const LOCK_ATTEMPTS = 5;

/** Rows to be looked at one after the other. */
export interface Scan {
  /** What is read: columns of texts and numbers, in the order in which `onRow` takes them. */
  readonly select: string;
  readonly onRow: (row: readonly unknown[]) => void;
  /** Told after each batch. */
  readonly onProgress: (rows: number) => void;
  /** Milliseconds after which the rest is left. */
  readonly limitMs: number;
}

/** Why rows could not be read, by SQLSTATE. */
const REASONS: Readonly<Record<string, Unread['unread']>> = {
  '42501': 'no right',
  '55P03': 'locked',
  '57014': 'too slow',
};

/** @returns whether all rows were looked at */
async function readAll(client: Client, { limitMs, onProgress, onRow, select }: Scan): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  // One snapshot, so that the figures agree with each other; rows come in batches, so that none has to be kept.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = ${limitMs}`);
  await client.query(`DECLARE casegate_survey NO SCROLL CURSOR FOR ${select}`);
  for (let seen = 0; ;) {
    const { rows } = await client.query<unknown[]>({
      text: `FETCH ${BATCH} FROM casegate_survey`,
      rowMode: 'array',
    });
    rows.forEach(onRow);
    seen += rows.length;
    onProgress(seen);
    if (rows.length < BATCH) return true;
    if (performance.now() > deadline) return false;
  }
}

/**
 * Looks at rows in one read-only transaction of limited length.
 *
 * @returns whether those were all, or why they could not be read: nothing of them counts then
 */
export async function scanRows(client: Client, scan: Scan): Promise<{ readonly isWhole: boolean } | Unread> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { isWhole: await readAll(client, scan) };
    } catch (error) {
      const reason = REASONS[errorCodeOf(error) ?? ''];
      if (reason === undefined) throw error;
      if (reason !== 'locked' || attempt === LOCK_ATTEMPTS) return { unread: reason };
    } finally {
      await client.query('ROLLBACK');
    }
  }
}
