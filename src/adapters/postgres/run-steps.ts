import { setTimeout } from 'node:timers/promises';
import type { MigrationStep } from '../../../migrations/migration.ts';
import type { MigrationConnection } from './migration-connection.ts';
import { errorCodeOf } from './pg-errors.ts';

/** Milliseconds that a step may wait for a table that others use; whoever comes after it waits as long. */
const LOCK_TIMEOUT_MS = 300;
/** Milliseconds that a step may take once it keeps others from a table. */
const HOLD_TIMEOUT_MS = 800;

/** Somebody else held what a step needs for longer than the migrator waits. */
export class MigrationStuck extends Error {
  constructor(name: string, seconds: number, holders: readonly string[]) {
    const who = holders.length === 0 ? '' : ` The longest open transactions: ${holders.join('; ')}.`;
    super(
      `Migration ${name} gave up after ${seconds} s, because other transactions keep hold of the table that it changes.${who} ` +
        'Nothing is lost: end them, or run "casegate migrate up" again at a quieter time; it goes on where it stopped.',
    );
    this.name = 'MigrationStuck';
  }
}

/** What is told while a migration runs. */
export interface MigrationProgress {
  readonly migration: string;
  /** The step at hand, from 1; it begins anew when steps are planned anew. */
  readonly step: number;
  readonly of: number;
  readonly sql: string;
  /** Why it waits; `null` where it does not. */
  readonly waiting: string | null;
}

/** A list of steps, and how to list anew what is still missing of it. */
export interface StepList {
  readonly name: string;
  readonly list: () => Promise<readonly MigrationStep[]>;
  /** Milliseconds to keep trying while somebody else holds what a step needs. */
  readonly budgetMs: number;
  readonly onProgress: (progress: MigrationProgress) => void;
}

/** Lock not available, statement took too long (it was waiting), deadlock: worth another try. */
const isHeld = (error: unknown): boolean => ['55P03', '57014', '40P01'].includes(errorCodeOf(error) ?? '');

const blocksOthers = ({ lock }: MigrationStep): boolean =>
  lock !== null && lock.mode !== 'SHARE UPDATE EXCLUSIVE';

/**
 * The whole transaction goes in one message, so that no lock outlasts a client that stalls between two of them.
 *
 * @throws whatever the server says; the transaction is undone then
 */
async function runTransaction(connection: MigrationConnection, step: MigrationStep): Promise<void> {
  const limits = [
    ...(step.lock === null ? [] : [`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};`]),
    ...(blocksOthers(step) ? [`SET LOCAL statement_timeout = ${HOLD_TIMEOUT_MS};`] : []),
  ];
  try {
    await connection.query(['BEGIN;', ...limits, step.sql, 'COMMIT;'].join('\n'), undefined, 0);
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** What is built concurrently holds nobody up while it waits, so it may wait for as long as there is time. */
async function runConcurrently(
  connection: MigrationConnection,
  step: MigrationStep,
  waitMs: number,
): Promise<void> {
  await connection.query(`SET lock_timeout = ${Math.max(1, Math.round(waitMs))}`);
  try {
    await connection.query(step.sql, undefined, 0);
  } finally {
    await connection.query('RESET lock_timeout').catch(() => undefined);
  }
}

async function longestTransactions(connection: MigrationConnection): Promise<readonly string[]> {
  const { rows } = await connection.query<{ told: string }>(`
    SELECT format('process %s (%s), %s for %s s', pid, coalesce(nullif(application_name, ''), 'unnamed'), state,
      round(extract(epoch FROM clock_timestamp() - xact_start))) AS told
    FROM pg_stat_activity
    WHERE xact_start IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
    ORDER BY xact_start LIMIT 3`);
  return rows.map(({ told }) => told);
}

/**
 * Runs the steps one after the other, each in a transaction of its own. A step that cannot get its lock is tried again, with jitter,
 * until the budget is spent; the budget counts anew from each step that passed.
 *
 * @throws {MigrationStuck}
 */
export async function runSteps(connection: MigrationConnection, list: StepList): Promise<void> {
  let deadline = performance.now() + list.budgetMs;
  const runAll = async (steps: readonly MigrationStep[]): Promise<void> => {
    for (const [index, step] of steps.entries()) {
      const progress = { migration: list.name, step: index + 1, of: steps.length, sql: step.sql };
      list.onProgress({ ...progress, waiting: null });
      try {
        if (step.transactional) await runTransaction(connection, step);
        else await runConcurrently(connection, step, deadline - performance.now());
      } catch (error) {
        if (isHeld(error)) list.onProgress({ ...progress, waiting: 'another transaction holds the table' });
        throw error;
      }
      deadline = performance.now() + list.budgetMs;
    }
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runAll(await list.list());
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    if (performance.now() >= deadline) {
      const holders = await longestTransactions(connection);
      throw new MigrationStuck(list.name, Math.round(list.budgetMs / 1000), holders);
    }
    await setTimeout(300 + Math.random() * Math.min(2_000, 200 * 2 ** attempt));
  }
}
