import { Command, InvalidArgumentError, Option } from 'commander';
import { createMigrator, type AppliedMigration, type Migrator } from '../../adapters/postgres/migrator.ts';
import type { MigrationProgress } from '../../adapters/postgres/run-steps.ts';
import { readConfig } from '../config/config.ts';
import { checkServer } from '../check-server.ts';
import { reachDatabase } from '../reach-database.ts';
import type { Env } from './env.ts';
import { print } from './print.ts';

interface DownOptions {
  readonly steps: number;
  readonly all?: true;
}

const HELP = `
Each step runs in a short transaction of its own, asks for its lock for 300 ms at most, and lets others pass before it tries again; after
a minute it gives up and names who stood in the way. Whatever stops it, run it again: it goes on where it stopped.
Exit code 0: done. 1: refused, given up or failed; what was done stays. 2: usage.`;

async function withMigrator(env: Env, work: (migrator: Migrator) => Promise<void>): Promise<void> {
  const database = await reachDatabase(readConfig(env));
  await checkServer(database.directUrl);
  const migrator = createMigrator(database);
  try {
    await work(migrator);
  } finally {
    await migrator.close();
    await database.release();
  }
}

const printProgress = ({ migration, step, of, waiting }: MigrationProgress): void => {
  print(waiting === null ? `${migration}  step ${String(step)} of ${String(of)}` : `waiting: ${waiting}`);
};

const printApplied = (applied: readonly AppliedMigration[]): void => {
  if (applied.length === 0) print('Nothing to do.');
  for (const { name, direction } of applied) print(`${direction}  ${name}`);
};

async function printPlan(migrator: Migrator): Promise<void> {
  const steps = await migrator.plan();
  if (steps.length === 0) print('-- Nothing to do.');
  for (const { migration, sql, lock, transactional, note } of steps) {
    print(`-- ${migration}${transactional ? '' : ' (outside a transaction)'}`);
    if (lock) print(`-- takes ${lock.mode} on ${lock.table}`);
    if (note !== undefined) print(`-- ${note}`);
    print(`${sql}\n`);
  }
}

async function printStatus(migrator: Migrator): Promise<void> {
  for (const { name, appliedAt, known } of await migrator.status()) {
    const state = appliedAt ? `applied ${appliedAt.toISOString()}` : 'pending';
    print(`${name}  ${state}${known ? '' : '  (of a newer version)'}`);
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It takes a whole number from 1.');
  return Number(text);
}

/** `migrate plan|up|down|status`: the schema of a database that others go on using. */
export function migrateCommand(env: Env): Command {
  const migrate = new Command('migrate')
    .description('bring the schema of a live database forward, and back')
    .addHelpText('after', HELP);
  migrate
    .command('plan')
    .description(
      'print the SQL that up would run, with the locks it takes and the rights it grants; changes nothing',
    )
    .action(() => withMigrator(env, printPlan));
  migrate
    .command('up')
    .description('do what is missing; safe beside a live legacy service, and to be repeated')
    .action(() => withMigrator(env, async (migrator) => printApplied(await migrator.up(printProgress))));
  migrate
    .command('down')
    .description(
      "undo the last migration; Casegate's own tables go with their rows, the legacy service's stay as they were",
    )
    .addOption(new Option('--steps <n>', 'how many to undo').argParser(wholeNumber).default(1))
    .addOption(new Option('--all', 'undo every one').conflicts('steps'))
    .action(({ steps, all }: DownOptions) =>
      withMigrator(env, async (migrator) =>
        printApplied(await migrator.down(all ? 'all' : steps, printProgress)),
      ),
    );
  migrate
    .command('status')
    .description('list every migration, done or pending')
    .action(() => withMigrator(env, printStatus));
  return migrate;
}
