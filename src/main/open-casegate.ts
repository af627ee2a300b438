import { setTimeout } from 'node:timers/promises';
import { PgBossJobs } from '../adapters/jobs/pg-boss-jobs.ts';
import { JOBS_CHANNEL } from '../adapters/postgres/channels.ts';
import { createMigrator } from '../adapters/postgres/migrator.ts';
import { areMigrationsCurrent } from '../adapters/postgres/migrations-current.ts';
import { openDatabase, type PostgresDatabase } from '../adapters/postgres/database.ts';
import { DatabaseClock } from '../adapters/postgres/database-clock.ts';
import { PoolStatements } from '../adapters/postgres/pool-statements.ts';
import { PostgresRevocationList } from '../adapters/postgres/revocation-list.ts';
import { MasterKey } from '../adapters/crypto/master-key.ts';
import { Unavailable } from '../domain/access/errors.ts';
import type { Adapters } from '../application/adapters.ts';
import type { Casegate, Faults } from './casegate.ts';
import { checkServer } from './check-server.ts';
import { claimKeys } from './claim-keys.ts';
import { compose } from './compose.ts';
import type { Config } from './config/config.ts';
import { installationKeys, type InstallationKeys } from './installation-keys.ts';
import { jobHandlers } from './job-handlers.ts';
import { productionAdapters } from './modules/production-adapters.ts';
import { openMailer } from './open-mailer.ts';
import { reachDatabase, type ReachedDatabase } from './reach-database.ts';
import { recurringJobs } from './recurring-jobs.ts';
import { isStartRefusal, StartRefused } from './start-refusal.ts';
import { tellMissingTenants } from './tell-missing-tenants.ts';

/** How an installation is opened. */
export interface OpenOptions {
  /** Told what happens, in words without anything personal; `warn` is what somebody has to mend. */
  readonly onEvent?: (
    event: string,
    part?: 'database' | 'jobs' | 'mail' | 'vendors',
    level?: 'info' | 'warn',
  ) => void;
  /** Adapters to be used instead of the installation's own. */
  readonly replace?: Partial<Adapters>;
  /**
   * What this process is for, where it stays: both do what the queue holds, also what commands and embedded jobs have put there, and what
   * recurs. The database holds everybody to the word of the service on anonymous cases.
   */
  readonly as?: 'service' | 'worker';
  /** When it resolves, what is still being opened is given up. */
  readonly givenUp?: Promise<unknown>;
}

const UNREACHABLE: Faults = { database: 'unreachable' };
const LOST = 'The database stopped answering while the service was starting. See why, then start it again.';

/** Closes in the opposite order of opening; the next is closed even where one fails. */
class Closers {
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #onEvent: (event: string) => void;

  constructor(onEvent: (event: string) => void) {
    this.#onEvent = onEvent;
  }

  add(close: () => Promise<void>): void {
    this.#closers.unshift(close);
  }

  readonly close = async (): Promise<void> => {
    for (const close of this.#closers.splice(0)) {
      await close().catch((error: unknown) => this.#onEvent(`closing failed: ${messageOf(error)}`));
    }
  };
}

const messageOf = (error: unknown): string => (isStartRefusal(error) ? error.message : 'unknown cause');

/**
 * Opens the installation that the configuration describes: starts the embedded database where none is named, migrates, holds the
 * keys against the database, and wires the use cases.
 *
 * @throws {StartRefused} and the other refusals of `isStartRefusal`, after closing what it had opened; where it was given up, whatever
 *   that brought about
 */
export async function openCasegate(config: Config, options: OpenOptions = {}): Promise<Casegate> {
  const { onEvent = () => undefined } = options;
  const closers = new Closers(onEvent);
  try {
    const keys = await installationKeys(config);
    const reached = await reachDatabase(config, onEvent);
    closers.add(reached.release);
    await checkServer(reached.directUrl);
    await migrate(reached, onEvent, options.givenUp);
    const database = openDatabase({ ...reached, prepared: config.database.prepared, onError: onEvent });
    closers.add(database.close);
    return await openOn({ config, keys, reached, database, closers }, options);
  } catch (error) {
    await closers.close();
    throw error instanceof Unavailable ? new StartRefused(LOST) : error;
  }
}

async function migrate(
  reached: ReachedDatabase,
  onEvent: (event: string) => void,
  givenUp: Promise<unknown> | undefined,
): Promise<void> {
  const migrator = createMigrator(reached);
  // Closed again below where the migration is over by then, which does nothing.
  void givenUp?.then(() => migrator.close());
  let told = '';
  try {
    const applied = await migrator.up(({ migration, waiting }) => {
      const event = waiting === null ? `migrating ${migration}` : `migration waits: ${waiting}`;
      if (event !== told) onEvent((told = event));
    });
    if (applied.length > 0) onEvent(`${String(applied.length)} migrations applied`);
  } finally {
    await migrator.close();
  }
}

/** What is open already when the adapters are made. */
interface Opened {
  readonly config: Config;
  readonly keys: InstallationKeys;
  readonly reached: ReachedDatabase;
  readonly database: PostgresDatabase;
  readonly closers: Closers;
}

async function openOn(opened: Opened, options: OpenOptions): Promise<Casegate> {
  const { as, onEvent = () => undefined, replace = {} } = options;
  const doesJobs = as !== undefined;
  const { config, keys, database, closers } = opened;
  const masterKey = new MasterKey(keys.masterKey);
  const { anonymousCases } = config.settings;
  const told = config.anonymousCases !== null;
  await claimKeys(database, keys, { anonymousCases, enforced: as === 'service', told });
  const parts = makeParts(opened, { masterKey, onEvent, doesJobs });
  await start(parts, closers);
  const used = { ...parts.adapters, ...replace };
  if (as === 'service') {
    await tellMissingTenants(used, (event) => onEvent(event, 'vendors', 'warn'));
  }
  const app = compose(used);
  if (doesJobs) parts.jobs.work(jobHandlers(app, parts.onMail), recurringJobs(app, parts.onJobs));
  return {
    app,
    settings: used.settings,
    cursorKey: masterKey.derive('list-cursor'),
    faults: sharedFaults(database),
    close: closers.close,
  };
}

/** What has to be started, and stopped again. */
type Parts = ReturnType<typeof makeParts>;

interface PartsOptions {
  readonly masterKey: MasterKey;
  readonly onEvent: NonNullable<OpenOptions['onEvent']>;
  readonly doesJobs: boolean;
}

/** Makes the adapters and what they stand on; each may call the others once they are started. */
function makeParts(
  { config, keys, reached, database }: Opened,
  { masterKey, onEvent, doesJobs }: PartsOptions,
) {
  const onMail = (event: string) => onEvent(event, 'mail');
  const onJobs = (event: string) => onEvent(event, 'jobs');
  const statements = new PoolStatements(database.kysely);
  const clock = new DatabaseClock(statements);
  const { runScript } = database;
  const jobs = new PgBossJobs({
    runScript,
    clock,
    channel: JOBS_CHANNEL,
    maintains: doesJobs,
    onFault: onJobs,
  });
  const revocationList = new PostgresRevocationList({
    directUrl: reached.directUrl,
    statements,
    clock,
    accessTokenSeconds: config.accessTokenTtl,
    onSigningKeysChanged: () => void adapters.signingKeys.reload(clock.now()).catch(() => undefined),
    onDataKeysChanged: () => adapters.dataKeyRotation.forgetCurrent(),
    onJobDue: () => jobs.wake(),
    onSession: doesJobs ? jobs.announce : undefined,
    onError: (event) => onEvent(event),
  });
  const { mailer, close: closeMailer } = openMailer(config, onMail);
  const { enqueue } = jobs;
  const adapters = productionAdapters({
    config,
    database,
    masterKey,
    auditKey: new MasterKey(keys.auditKey),
    clock,
    revocationList,
    mailer,
    enqueue,
    onVendorKeys: (vendorId, fault) =>
      onEvent(`keys of vendor ${vendorId} out of reach (${fault})`, 'vendors', 'warn'),
  });
  return { adapters, clock, closeMailer, jobs, onJobs, onMail, revocationList };
}

async function start(
  { adapters, clock, closeMailer, jobs, revocationList }: Parts,
  closers: Closers,
): Promise<void> {
  closers.add(() => Promise.resolve(closeMailer()));
  await clock.start();
  closers.add(() => Promise.resolve(clock.stop()));
  await adapters.signingKeys.ensure(clock.now());
  await jobs.start();
  closers.add(() => jobs.stop());
  await revocationList.start();
  closers.add(() => revocationList.stop());
}

/** Milliseconds after which a database that has not answered counts as unreachable. */
const FAULTS_LIMIT_MS = 1_500;

/** One look at the database at a time, shared by all who ask meanwhile: probes must not use up the connections of a slow one. */
function sharedFaults({ kysely }: PostgresDatabase): Casegate['faults'] {
  let looking: Promise<Faults> | null = null;
  const look = async (): Promise<Faults> => {
    try {
      return (await areMigrationsCurrent(kysely)) ? {} : { migrations: 'pending' };
    } catch {
      return UNREACHABLE;
    } finally {
      looking = null;
    }
  };
  return () => Promise.race([(looking ??= look()), setTimeout(FAULTS_LIMIT_MS, UNREACHABLE, { ref: false })]);
}
