import { Command, InvalidArgumentError, Option } from 'commander';
import { validate } from 'uuid';
import type { Application } from '../../application/application.ts';
import type { LegacyBackfill } from '../../application/legacy/backfill-legacy-owners.ts';
import type { UndoneBackfill } from '../../application/legacy/undo-legacy-backfill.ts';
import type { BatchRunId } from '../../domain/shared/ids.ts';
import { counted } from '../inspection/in-words.ts';
import { completeLegacyIndex } from './complete-legacy-index.ts';
import type { Env } from './env.ts';
import { CommandRefused } from './exit-codes.ts';
import { OPERATOR } from './operator.ts';
import { print } from './print.ts';
import { withProgress } from './progress.ts';
import type { Wait } from './wait.ts';
import { withCasegate } from './with-casegate.ts';

interface BackfillOptions {
  readonly dryRun?: true;
  readonly apply?: true;
  readonly undo?: BatchRunId;
}

function printCounts({ ambiguous, astray, links, others, own }: LegacyBackfill): void {
  print(`${counted(links, 'link')} looked at`);
  print(`${counted(own, 'row')} had their owner already, by this or another link`);
  print(`${counted(others, 'row')} of other accounts, left as they are`);
  print(`${counted(ambiguous, 'row')} of several people perhaps, left for an admin`);
  if (astray > 0) print(`${counted(astray, 'link')} to vendors of another tenant by now, left as they are`);
}

async function forecast({ legacy }: Application, wait: Wait): Promise<void> {
  const result = await withProgress('links looked at', (update) =>
    legacy.backfillLegacyOwners.execute({
      actor: OPERATOR,
      isDryRun: true,
      wait,
      onProgress: ({ done, total }) => update(done, total),
    }),
  );
  printCounts(result);
  print(`${counted(result.total, 'row')} would get their owner; nothing was changed`);
}

async function apply(app: Application, wait: Wait): Promise<void> {
  await completeLegacyIndex(app);
  const onRun = (runId: BatchRunId, isResumed: boolean): void =>
    print(`run ${runId}${isResumed ? ', which had been broken off, goes on' : ''}`);
  const result = await withProgress('links looked at', (update) =>
    app.legacy.backfillLegacyOwners.execute({
      actor: OPERATOR,
      isDryRun: false,
      wait,
      onRun,
      onProgress: ({ done, total }) => update(done, total),
    }),
  );
  printCounts(result);
  print(`${counted(result.total, 'row')} got their owner by this run`);
  if (result.isOver) {
    throw new CommandRefused('Stopped: somebody undid this run meanwhile, or finished it as well.');
  }
  if (result.held === 0) return;
  throw new CommandRefused(
    `Left, since others held them all the time: ${counted(result.held, 'row')}. Run it again.`,
  );
}

async function undo({ legacy }: Application, wait: Wait, runId: BatchRunId): Promise<void> {
  const undone = await withProgress('rows undone', (update) =>
    legacy.undoLegacyBackfill.execute({
      actor: OPERATOR,
      runId,
      wait,
      onProgress: ({ done, total }) => update(done, total),
    }),
  );
  if (!undone) throw new CommandRefused(`There is no backfill with the run ${runId}.`);
  printUndone(runId, undone);
}

function printUndone(runId: BatchRunId, undone: UndoneBackfill): void {
  if (undone.kind === 'over') {
    throw new CommandRefused(`The run ${runId} was undone already, at ${undone.undoneAt.toISOString()}.`);
  }
  print(`${counted(undone.rows, 'row')} lost the owner that the run ${runId} had given them`);
  if (undone.left === 0) return;
  throw new CommandRefused(
    `Not undone, since others held them all the time: ${counted(undone.left, 'row')}. Run it again.`,
  );
}

function run(text: string): BatchRunId {
  if (!validate(text)) throw new InvalidArgumentError('It takes the run that --apply printed.');
  return text.toLowerCase();
}

function backfill(env: Env, wait: Wait, command: Command, options: BackfillOptions): Promise<void> {
  const chosen = [options.dryRun, options.apply, options.undo].filter((option) => option !== undefined);
  if (chosen.length !== 1) command.error('error: give exactly one of --dry-run, --apply and --undo <run>');
  const { undo: runId } = options;
  if (runId !== undefined) return withCasegate(env, (app) => undo(app, wait, runId));
  return withCasegate(env, (app) => (options.apply ? apply(app, wait) : forecast(app, wait)));
}

const HELP = `
Rows of the legacy service that say a linked identifier and that nobody owns get its account as their owner, in the one column that Casegate
added. The legacy service may run meanwhile: no more than some hundred rows are written at a time, and rows that it holds are not
waited for but tried again. Rows that new links and new requests bring need none of this: they follow by themselves.
It may be broken off at any time: --apply goes on with the run that was broken off, --undo takes back what a run has done, and nothing else.
Exit code 1 means that rows were left that others held, that the run was undone meanwhile, or that there is no such run.`;

/** `legacy backfill`: owners for the rows of proven links. */
export const legacyBackfillCommand = (env: Env, wait: Wait): Command =>
  new Command('backfill')
    .description(
      'give the rows of linked identifiers to the accounts that own these; may be broken off, and undone',
    )
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--apply', 'do it, as a run that can be undone')
    .addOption(new Option('--undo <run>', 'take back exactly what a run has done').argParser(run))
    .addHelpText('after', HELP)
    .action((options: BackfillOptions, command: Command) => backfill(env, wait, command, options));
