import { setTimeout } from 'node:timers/promises';
import type { MigrationStep } from '../../../migrations/migration.ts';
import type { MigrationConnection } from './migration-connection.ts';
import { holdersOf, tellWaits } from './migration-waits.ts';
import { errorCodeOf } from './pg-errors.ts';

/** Milliseconds that a step may wait for a table that others use; whoever comes after it waits as long. */
const LOCK_TIMEOUT_MS = 300;
/** Milliseconds to wait for a turn that keeps nobody from reading and writing; longer than the second after which a vacuum gives way. */
const TURN_TIMEOUT_MS = 2_000;
/** Milliseconds that a step may take once it keeps others from a table. */
const HOLD_TIMEOUT_MS = 800;

/** Somebody else held what a step needs for longer than the migrator waits. */
export class MigrationStuck extends Error {
  constructor(name: string, seconds: number, holders: readonly string[]) {
    const who = holders.length === 0 ? '' : ` Open there: ${holders.join('; ')}.`;
    super(
      `Migration ${name} gave up after ${seconds} s, because other transactions keep hold of what it changes.${who} ` +
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
  /** A further connection, to look at a step that takes long. */
  readonly watch: () => Promise<MigrationConnection>;
  /** Milliseconds to keep trying while somebody else holds what a step needs. */
  readonly budgetMs: number;
  readonly onProgress: (progress: MigrationProgress) => void;
}

/** Lock not available, statement took too long (it was waiting), deadlock: worth another try. */
const isHeld = (error: unknown): boolean => ['55P03', '57014', '40P01'].includes(errorCodeOf(error) ?? '');

const blocksOthers = ({ lock }: MigrationStep): boolean =>
  lock !== null && lock.mode !== 'SHARE UPDATE EXCLUSIVE';

/**
 * What comes before a step in its transaction. Whoever changes or vacuums the table is waited for with a lock that keeps nobody from
 * reading and writing; a vacuum that runs by itself gives way to it. Only then the lock of the step is asked for, and not for long.
 */
const limitsOf = (step: MigrationStep): readonly string[] => [
  ...(step.lock === null
    ? []
    : [
        `SET LOCAL lock_timeout = ${TURN_TIMEOUT_MS};`,
        `LOCK TABLE ${step.lock.table} IN SHARE UPDATE EXCLUSIVE MODE;`,
      ]),
  `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};`,
  ...(blocksOthers(step) ? [`SET LOCAL statement_timeout = ${HOLD_TIMEOUT_MS};`] : []),
];

/**
 * The whole transaction goes in one message, so that no lock outlasts a client that stalls between two of them.
 *
 * @throws whatever the server says; the transaction is undone then
 */
async function runTransaction(connection: MigrationConnection, step: MigrationStep): Promise<void> {
  try {
    await connection.query(['BEGIN;', ...limitsOf(step), step.sql, 'COMMIT;'].join('\n'), undefined, 0);
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** How long to wait, and whom to tell for whom. */
interface Patience {
  readonly waitMs: number;
  readonly tell: (waiting: string) => void;
  readonly watch: StepList['watch'];
}

/** What is built concurrently holds nobody up while it waits, so it may wait for as long as there is time. */
async function runConcurrently(
  connection: MigrationConnection,
  step: MigrationStep,
  { tell, waitMs, watch }: Patience,
): Promise<void> {
  const processId = await connection.processId();
  await connection.query(`SET lock_timeout = ${Math.max(1, Math.round(waitMs))}`);
  const over = new AbortController();
  const told = tellWaits(processId, watch, tell, over.signal);
  try {
    await connection.query(step.sql, undefined, 0);
  } finally {
    over.abort();
    await told;
    await connection.query('RESET lock_timeout').catch(() => undefined);
  }
}

/** How far the steps have come. */
interface Reached extends Omit<MigrationProgress, 'waiting'> {
  readonly table: string | null;
}

/**
 * Runs the steps one after the other, each in a transaction of its own. A step that cannot get its lock is tried again, with jitter,
 * until the budget is spent; the budget counts anew from each step that passed.
 *
 * @throws {MigrationStuck}
 */
export async function runSteps(connection: MigrationConnection, list: StepList): Promise<void> {
  let deadline = performance.now() + list.budgetMs;
  let reached: Reached = { migration: list.name, step: 0, of: 0, sql: '', table: null };
  const tell = (waiting: string | null): void => {
    const { migration, of, sql, step } = reached;
    list.onProgress({ migration, of, sql, step, waiting });
  };
  const runAll = async (steps: readonly MigrationStep[]): Promise<void> => {
    for (const [index, step] of steps.entries()) {
      const table = step.lock?.table ?? null;
      reached = { migration: list.name, step: index + 1, of: steps.length, sql: step.sql, table };
      tell(null);
      const patience = { tell, watch: list.watch, waitMs: deadline - performance.now() };
      await (step.transactional
        ? runTransaction(connection, step)
        : runConcurrently(connection, step, patience));
      deadline = performance.now() + list.budgetMs;
    }
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runAll(await list.list());
    } catch (error) {
      if (!isHeld(error)) throw error;
    }
    const holders = await holdersOf(connection, reached.table);
    if (performance.now() >= deadline) {
      throw new MigrationStuck(list.name, Math.round(list.budgetMs / 1000), holders);
    }
    tell(['another transaction holds the table', ...holders.slice(0, 1)].join(': '));
    await setTimeout(300 + Math.random() * Math.min(2_000, 200 * 2 ** attempt));
  }
}
