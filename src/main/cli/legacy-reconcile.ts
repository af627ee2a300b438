import { Command } from 'commander';
import type { Application } from '../../application/application.ts';
import type { LegacyReconciled } from '../../application/legacy/reconcile-legacy.ts';
import { LEGACY_FINDINGS, type LegacyFindingKind } from '../../domain/legacy/legacy-finding.ts';
import type { Env } from './env.ts';
import { CommandRefused } from './exit-codes.ts';
import { type FindingCells, reportingFindings } from './finding-report.ts';
import { LEGACY_FINDING_WORDS } from './legacy-finding-words.ts';
import { OPERATOR } from './operator.ts';
import { print } from './print.ts';
import { withProgress } from './progress.ts';
import type { Wait } from './wait.ts';
import { withCasegate } from './with-casegate.ts';

interface ReconcileOptions {
  readonly report?: string;
}

const KINDS = Object.keys(LEGACY_FINDINGS) as readonly LegacyFindingKind[];

type AddFinding = (cells: FindingCells) => Promise<void>;

const compare = ({ legacy }: Application, wait: Wait, add?: AddFinding): Promise<LegacyReconciled> =>
  withProgress('legacy rows compared', (update) =>
    legacy.reconcileLegacy.execute({
      actor: OPERATOR,
      wait,
      onProgress: ({ done, total }) => update(done, total),
      onFindings: async (findings) => {
        for (const { id, kind } of findings) await add?.([kind, LEGACY_FINDINGS[kind].about, id ?? '']);
      },
    }),
  );

function printFindings({ found, links, owned, rows }: LegacyReconciled): void {
  print(`${String(rows)} legacy rows, ${String(owned)} of them owned; ${String(links)} linked identifiers`);
  for (const kind of KINDS) {
    const count = found.get(kind);
    if (count === undefined) continue;
    const { advice, found: words } = LEGACY_FINDING_WORDS[kind];
    const { about, isWrong } = LEGACY_FINDINGS[kind];
    const much = about === 'index' ? '' : ` (${String(count)})`;
    print(`${isWrong ? 'WRONG' : 'note '} ${kind}${much}: ${words}; ${advice}`);
  }
}

async function reconcile(app: Application, wait: Wait, { report: path }: ReconcileOptions): Promise<void> {
  const result =
    path === undefined
      ? await compare(app, wait)
      : await reportingFindings(path, (add) => compare(app, wait, add));
  printFindings(result);
  if (path !== undefined) print(`report: ${path}`);
  if (result.wrong > 0) throw new CommandRefused(`${String(result.wrong)} found wrong.`);
  print('nothing wrong');
}

const HELP = `
It reads only. Every row of the legacy service is held against the links, the owners and the index that Casegate has, and each kind of
finding is counted, with what to do about it. The report names rows, links and accounts by their ids; nothing in it names a person. An
older one is kept as .1.
Exit code 0: nothing wrong, though there may be something to know. 1: something is wrong.`;

/** `legacy reconcile`: whether the two worlds agree. */
export const legacyReconcileCommand = (env: Env, wait: Wait): Command =>
  new Command('reconcile')
    .description(
      "compare the legacy service's rows with the links, owners and index of Casegate; changes nothing",
    )
    .option('--report <file>', 'a CSV file for the ids of all findings')
    .addHelpText('after', HELP)
    .action((options: ReconcileOptions) => withCasegate(env, (app) => reconcile(app, wait, options)));
