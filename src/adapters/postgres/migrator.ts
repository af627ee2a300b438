import { Migrator as KyselyMigrator, NO_MIGRATIONS, type MigrationResultSet } from 'kysely/migration';
import { MIGRATIONS } from '../../../migrations/index.ts';
import type { Migration, MigrationStep } from '../../../migrations/migration.ts';
import { grantSteps, SERVICE_NEEDS } from '../../../migrations/service-role.ts';
import { inspect, inspectLacking } from './inspect.ts';
import { MigrationConnection } from './migration-connection.ts';
import { explained, MigrationFailed, MigrationsUnreadable } from './migration-failed.ts';
import { MIGRATIONS_TABLE } from './migrations-current.ts';
import { runSteps, type MigrationProgress, type StepList } from './run-steps.ts';

const LOCK_TABLE = 'casegate_migration_lock';
/** Milliseconds to wait for the turn while another process migrates. */
const TURN_LIMIT_MS = 600_000;
/** The name under which `plan` and progress show what is granted to the service's role. */
const GRANTS = 'service-role';

/** How to reach the database that is to be migrated. */
export interface MigratorOptions {
  /** The server itself, not a transaction pooler. */
  readonly directUrl: string;
  /** The owner of the tables, where the role of `directUrl` owns nothing; that role is then granted what it needs. */
  readonly ownerUrl?: string | undefined;
  /** Milliseconds to keep trying while the legacy service holds what a step needs; 60,000 unless told. */
  readonly lockBudgetMs?: number | undefined;
}

/** A step that is still to be done. */
export interface PlannedStep extends MigrationStep {
  readonly migration: string;
}

/** A migration that was done or undone just now. */
export interface AppliedMigration {
  readonly name: string;
  readonly direction: 'up' | 'down';
}

/** Whether a migration is done. */
export interface MigrationStatus {
  readonly name: string;
  /** `null` where it is not done. */
  readonly appliedAt: Date | null;
  /** `false` where only a newer version of Casegate knows it. */
  readonly known: boolean;
}

/** Brings the schema of a live database forward, and back when asked to. */
export interface Migrator {
  /**
   * What `up` would run, in its very text; reads only.
   *
   * @throws {MigrationRefused} where it finds what it cannot build upon
   * @throws {MigrationsUnreadable} where the server refuses to tell what is there, or is lost
   */
  readonly plan: () => Promise<readonly PlannedStep[]>;
  /**
   * Does what is missing, after taking turns with other processes. Safe beside a live legacy service, and to be repeated after a
   * crash at any point.
   *
   * @throws {MigrationTurnNotCome} where another process goes on migrating for ten minutes
   * @throws {MigrationStuck} where the legacy service holds what a step needs for longer than the budget
   * @throws {MigrationRefused} where it finds what it cannot build upon
   * @throws {MigrationFailed} where the server refuses a statement, for want of a right for example, or is lost
   */
  readonly up: (onProgress?: (progress: MigrationProgress) => void) => Promise<readonly AppliedMigration[]>;
  /**
   * Undoes the last migrations, the last one unless told. Casegate's own tables go with their rows, so it runs only when an operator
   * asks for it. Of the legacy service's tables only what Casegate added goes: its column. Tables that Casegate made in the legacy
   * shape stay while they hold a row. Takes turns with other processes, as `up` does.
   *
   * @throws {MigrationTurnNotCome} where another process goes on migrating for ten minutes
   * @throws {MigrationStuck} where the legacy service holds what a step needs for longer than the budget
   * @throws {MigrationFailed} where the server refuses a statement, for want of a right for example, or is lost
   */
  readonly down: (
    steps?: number | 'all',
    onProgress?: (progress: MigrationProgress) => void,
  ) => Promise<readonly AppliedMigration[]>;
  /**
   * Every migration in order, done or not.
   *
   * @throws {MigrationsUnreadable} where the server refuses to tell, or is lost
   */
  readonly status: () => Promise<readonly MigrationStatus[]>;
  /** Gives up whatever runs; what was not finished is done by the next `up`. */
  readonly close: () => Promise<void>;
}

type Direction = 'up' | 'down';
type OnProgress = (progress: MigrationProgress) => void;

const NAMES = Object.keys(MIGRATIONS);

/** A migration that must be there: its name comes from the list. */
function migrationOf(name: string): Migration {
  const migration = MIGRATIONS[name];
  if (!migration) throw new Error(`There is no migration ${name}.`);
  return migration;
}

async function readStatus(connection: MigrationConnection): Promise<readonly MigrationStatus[]> {
  const { rows: found } = await connection.query<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [MIGRATIONS_TABLE],
  );
  const { rows } = found[0]?.there
    ? await connection.query<{ name: string; timestamp: string }>(
        `SELECT name, timestamp FROM ${MIGRATIONS_TABLE} ORDER BY name`,
      )
    : { rows: [] };
  const appliedAt = new Map(rows.map(({ name, timestamp }) => [name, new Date(timestamp)]));
  const known = NAMES.map((name) => ({ name, appliedAt: appliedAt.get(name) ?? null, known: true }));
  const newer = rows
    .filter(({ name }) => !NAMES.includes(name))
    .map(({ name, timestamp }) => ({ name, appliedAt: new Date(timestamp), known: false }));
  return [...known, ...newer];
}

/** The migrations as Kysely's: each lists its steps from what is there when its turn comes, and runs that list. */
function kyselyMigrator(
  connection: MigrationConnection,
  running: Omit<StepList, 'name' | 'list'>,
): KyselyMigrator {
  const run = (name: string, direction: Direction) => () =>
    runSteps(connection, {
      ...running,
      name,
      list: async () => migrationOf(name)[direction](await inspect(connection)),
    });
  const migrations = NAMES.map((name) => [name, { up: run(name, 'up'), down: run(name, 'down') }] as const);
  return new KyselyMigrator({
    db: connection.kysely(),
    provider: { getMigrations: () => Promise.resolve(Object.fromEntries(migrations)) },
    migrationTableName: MIGRATIONS_TABLE,
    migrationLockTableName: LOCK_TABLE,
    migrationTableSchema: 'public',
    disableTransactions: true,
  });
}

/** @throws whatever stopped the run, as it was thrown */
function outcome({ error, results = [] }: MigrationResultSet): readonly AppliedMigration[] {
  if (error !== undefined) {
    throw error instanceof Error ? error : new Error('The migration failed.', { cause: error });
  }
  return results.map(({ migrationName, direction }) => ({
    name: migrationName,
    direction: direction === 'Up' ? 'up' : 'down',
  }));
}

/** Makes the migrator of one database; connects when asked for something. */
export function createMigrator(options: MigratorOptions): Migrator {
  return new PostgresMigrator(options);
}

class PostgresMigrator implements Migrator {
  readonly #options: MigratorOptions;
  readonly #open = new Set<MigrationConnection>();

  constructor(options: MigratorOptions) {
    this.#options = options;
  }

  readonly plan = (): Promise<readonly PlannedStep[]> =>
    this.#connected(MigrationsUnreadable, async (connection) => {
      const pending = (await readStatus(connection)).filter(({ appliedAt }) => appliedAt === null);
      let facts = await inspect(connection);
      const planned: PlannedStep[] = [];
      for (const { name: migration } of pending) {
        planned.push(
          ...migrationOf(migration)
            .up(facts)
            .map((step) => ({ ...step, migration })),
        );
        facts = migrationOf(migration).after(facts);
      }
      const grants = await this.#grants(connection);
      return [...planned, ...grants.map((step) => ({ ...step, migration: GRANTS }))];
    });

  readonly up = (onProgress: OnProgress = () => undefined): Promise<readonly AppliedMigration[]> =>
    this.#connected(MigrationFailed, async (connection) => {
      if (await this.#isDone(connection)) return [];
      await this.#takeTurn(connection, onProgress);
      const pending = (await readStatus(connection)).some(({ appliedAt }) => appliedAt === null);
      const migrator = kyselyMigrator(connection, this.#running(onProgress));
      const applied = pending ? outcome(await migrator.migrateToLatest()) : [];
      const list = () => this.#grants(connection);
      await runSteps(connection, { ...this.#running(onProgress), name: GRANTS, list });
      return applied;
    });

  readonly down = (
    steps: number | 'all' = 1,
    onProgress: OnProgress = () => undefined,
  ): Promise<readonly AppliedMigration[]> =>
    this.#connected(MigrationFailed, async (connection) => {
      await this.#takeTurn(connection, onProgress);
      const migrator = kyselyMigrator(connection, this.#running(onProgress));
      const undone =
        steps === 'all' ? outcome(await migrator.migrateTo(NO_MIGRATIONS)) : await undo(migrator, steps);
      if ((await readStatus(connection)).every(({ appliedAt }) => appliedAt === null)) {
        await connection.query(`DROP TABLE IF EXISTS ${MIGRATIONS_TABLE}, ${LOCK_TABLE}`);
      }
      return undone;
    });

  readonly status = (): Promise<readonly MigrationStatus[]> =>
    this.#connected(MigrationsUnreadable, readStatus);

  readonly close = async (): Promise<void> => {
    await Promise.all([...this.#open].map((connection) => connection.close()));
  };

  get #url(): string {
    return this.#options.ownerUrl ?? this.#options.directUrl;
  }

  /** What every list of steps runs with. */
  #running(onProgress: OnProgress): Omit<StepList, 'name' | 'list'> {
    const budgetMs = this.#options.lockBudgetMs ?? 60_000;
    return { budgetMs, onProgress, watch: () => MigrationConnection.open(this.#url) };
  }

  /** @param Explanation of what the server refuses */
  async #connected<T>(
    Explanation: typeof MigrationFailed | typeof MigrationsUnreadable,
    work: (connection: MigrationConnection) => Promise<T>,
  ): Promise<T> {
    const connection = await MigrationConnection.open(this.#url);
    this.#open.add(connection);
    try {
      return await work(connection);
    } catch (error) {
      throw explained(error, Explanation);
    } finally {
      this.#open.delete(connection);
      await connection.close();
    }
  }

  /** Whether there is nothing to do, which needs no turn: the usual start. */
  async #isDone(connection: MigrationConnection): Promise<boolean> {
    const done = (await readStatus(connection)).every(({ appliedAt }) => appliedAt !== null);
    return done && (await this.#grants(connection)).length === 0;
  }

  async #takeTurn(connection: MigrationConnection, onProgress: OnProgress): Promise<void> {
    const waiting = 'another process is migrating';
    await connection.takeTurn(TURN_LIMIT_MS, () => {
      onProgress({ migration: '', step: 0, of: 0, sql: '', waiting });
    });
  }

  async #grants(connection: MigrationConnection): Promise<readonly MigrationStep[]> {
    const { ownerUrl, directUrl } = this.#options;
    if (ownerUrl === undefined || ownerUrl === directUrl) return [];
    const role = await roleOf(directUrl);
    return grantSteps(role, await inspectLacking(connection, role, SERVICE_NEEDS));
  }
}

async function undo(migrator: KyselyMigrator, steps: number): Promise<readonly AppliedMigration[]> {
  const undone: AppliedMigration[] = [];
  for (let step = 0; step < steps; step += 1) {
    const applied = outcome(await migrator.migrateDown());
    if (applied.length === 0) break;
    undone.push(...applied);
  }
  return undone;
}

async function roleOf(url: string): Promise<string> {
  const connection = await MigrationConnection.open(url);
  try {
    const { rows } = await connection.query<{ role: string }>('SELECT current_user AS role');
    if (!rows[0]) throw new Error('The server did not tell its current user.');
    return rows[0].role;
  } finally {
    await connection.close();
  }
}
