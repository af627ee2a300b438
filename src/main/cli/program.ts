import { Command, CommanderError } from 'commander';
import { Unavailable } from '../../domain/access/errors.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { packageVersion } from '../package-version.ts';
import { isStartRefusal } from '../start-refusal.ts';
import { auditCommand } from './audit.ts';
import { doctorCommand } from './doctor.ts';
import type { Env } from './env.ts';
import { CommandRefused, EXIT } from './exit-codes.ts';
import { inspectCommand } from './inspect.ts';
import { keysCommand } from './keys.ts';
import { legacyCommand } from './legacy.ts';
import { migrateCommand } from './migrate.ts';
import { serveCommand } from './serve.ts';
import { usersCommand } from './users.ts';
import { type Wait, wait as waitByTheClock } from './wait.ts';
import { workerCommand } from './worker.ts';

const HELP = `
Configuration comes from the environment (see the README). Exit codes: 0 done, 1 refused or found wrong, 2 usage.`;

function program(env: Env, wait: Wait): Command {
  const root = new Command('casegate')
    .description('Identity, access and case intake for a second-opinion practice')
    .version(packageVersion())
    .addHelpText('after', HELP);
  for (const make of [
    serveCommand,
    workerCommand,
    migrateCommand,
    inspectCommand,
    usersCommand,
    legacyCommand,
    keysCommand,
    auditCommand,
    doctorCommand,
  ]) {
    root.addCommand(make(env, wait));
  }
  return root;
}

/**
 * Commander tells each subcommand apart; all of them are to say where help is, and to throw instead of leaving the process.
 */
function refuseAlike(command: Command): Command {
  command.showHelpAfterError('(add --help for what it takes)').exitOverride();
  command.commands.forEach(refuseAlike);
  return command;
}

/** What an operator is told who has no `Retry-After` before him. */
const LOST = 'The database was lost. Run the same command again; what was done stays done.';

const messageOf = (error: Error): string => (error instanceof Unavailable ? LOST : error.message);

/**
 * Runs one command.
 *
 * @param argv as the process received it
 * @param wait how long commands wait that try again later
 * @returns the exit code: 0 done, 1 refused or found wrong, 2 usage
 */
export async function runCommandLine(
  argv: readonly string[],
  env: Env,
  wait: Wait = waitByTheClock,
): Promise<number> {
  try {
    await refuseAlike(program(env, wait)).parseAsync(argv);
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (error instanceof DomainError || error instanceof CommandRefused || isStartRefusal(error)) {
      process.stderr.write(`${messageOf(error)}\n`);
      return EXIT.refused;
    }
    throw error;
  }
}
