import { Command, InvalidArgumentError } from 'commander';
import type { Application } from '../../application/application.ts';
import type { GrantedLink } from '../../application/legacy/grant-legacy-link.ts';
import { inOrder } from '../../application/steps/in-order.ts';
import { ReasonRejected } from '../../domain/access/errors.ts';
import { CaseConflict } from '../../domain/cases/errors.ts';
import {
  IdentifierIsPlaceholder,
  IdentifierRejected,
  IdentifierTaken,
  LinkAccountUnknown,
} from '../../domain/legacy/errors.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { isReason } from '../../domain/shared/reason.ts';
import { counted } from '../inspection/in-words.ts';
import { completeLegacyIndex } from './complete-legacy-index.ts';
import { type CsvFault, type CsvFile, type CsvRow, openCsvFile } from './csv-file.ts';
import type { Env } from './env.ts';
import { CommandRefused } from './exit-codes.ts';
import type { CellIdentifier } from './identifier-cell.ts';
import {
  LINK_COLUMNS,
  type LinkColumn,
  type PersonToLink,
  readLinkRow,
  reportedHeader,
} from './legacy-link-row.ts';
import { print } from './print.ts';
import { withProgress } from './progress.ts';
import { type RefusalReport, refusalReportPath, reportingRefusals } from './refusal-report.ts';
import { TakeTurns } from './take-turns.ts';
import { TenantsOfVendors } from './tenants-of-vendors.ts';
import { withCasegate } from './with-casegate.ts';

/** Rows that are under way at the same time. */
const AT_ONCE = 8;

interface LinkOptions {
  readonly reason?: string;
  readonly report?: string;
}

/** What came of a row. */
interface RowOutcome {
  readonly row: CsvRow<LinkColumn>;
  readonly granted: readonly GrantedLink[];
  /** Why identifiers of it were refused, or the row as a whole. */
  readonly refusals: readonly CsvFault[];
}

/** One run of the command. */
interface Linking {
  readonly app: Application;
  readonly file: CsvFile<LinkColumn>;
  readonly options: LinkOptions;
  /** Rows of one identifier are taken one after the other, so that the first one of a file has it. */
  readonly turns: TakeTurns;
  readonly tenants: TenantsOfVendors;
}

/** What refuses an identifier of a row; anything else ends the command. */
const REFUSALS = [
  CaseConflict,
  IdentifierIsPlaceholder,
  IdentifierRejected,
  IdentifierTaken,
  LinkAccountUnknown,
  ReasonRejected,
];

const isRefusal = (error: unknown): error is DomainError =>
  REFUSALS.some((refusal) => error instanceof refusal);

async function linkRow(run: Linking, row: CsvRow<LinkColumn>): Promise<RowOutcome> {
  const person = readLinkRow(run.app, run.file.header, row);
  if ('code' in person) return { row, granted: [], refusals: [person] };
  const tenantId = await run.tenants.find(person.tenant);
  if (typeof tenantId !== 'string') return { row, granted: [], refusals: [tenantId] };
  const granted: GrantedLink[] = [];
  const refusals: CsvFault[] = [...person.faults];
  for (const identifier of person.identifiers) {
    const key = JSON.stringify([person.vendorId, identifier]);
    const outcome = await run.turns.run(key, () => grant(run, person, identifier, tenantId));
    if ('code' in outcome) refusals.push(outcome);
    else granted.push(outcome);
  }
  return { row, granted, refusals };
}

async function grant(
  { app, options }: Linking,
  { email, reason, vendorId }: PersonToLink,
  { identifier, kind }: CellIdentifier,
  tenantId: TenantId,
): Promise<GrantedLink | CsvFault> {
  try {
    return await app.legacy.grantLegacyLink.execute({
      actor: { kind: 'system', tenantId },
      ...{ email, vendorId, kind, identifier },
      reason: reason ?? options.reason ?? '',
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { code: error.code, reason: `${kind}: ${error.message}` };
  }
}

interface Counts {
  linked: number;
  cases: number;
  already: number;
  refused: number;
  /** Rows that hold no identifier. */
  empty: number;
}

function addTo(counts: Counts, { granted, refusals }: RowOutcome): void {
  if (granted.length === 0 && refusals.length === 0) counts.empty += 1;
  counts.refused += refusals.length;
  for (const { already, cases } of granted) {
    if (already) {
      counts.already += 1;
    } else {
      counts.linked += 1;
      counts.cases += cases;
    }
  }
}

async function linkRows(run: Linking, report: RefusalReport): Promise<Counts> {
  const counts = { linked: 0, cases: 0, already: 0, refused: 0, empty: 0 };
  await withProgress('rows linked', async (update) => {
    let done = 0;
    for await (const outcome of inOrder(run.file.rows(), AT_ONCE, (row) => linkRow(run, row))) {
      addTo(counts, outcome);
      const { cells, line } = outcome.row;
      for (const refusal of outcome.refusals) await report.add({ ...refusal, line, cells });
      update((done += 1), run.file.count);
    }
  });
  return counts;
}

async function link(env: Env, path: string, options: LinkOptions): Promise<void> {
  const reportPath = refusalReportPath(path, 'not-linked', options.report);
  const file = await openCsvFile(path, LINK_COLUMNS, 'legacy-link');
  await withCasegate(env, async (app) => {
    await completeLegacyIndex(app);
    const header = reportedHeader(file.header);
    const { report, result: counts } = await reportingRefusals(reportPath, header, (lines) =>
      linkRows({ app, file, options, turns: new TakeTurns(), tenants: new TenantsOfVendors(app) }, lines),
    );
    printSummary(counts, report);
    if (counts.refused > 0) throw new CommandRefused(`Refused: ${counted(counts.refused, 'identifier')}.`);
  });
}

function printSummary({ already, cases, empty, linked, refused }: Counts, report: string | null): void {
  if (empty > 0) print(`${counted(empty, 'row')} without any identifier`);
  const counts = `linked ${counted(linked, 'identifier')} (${counted(cases, 'case')}), already linked ${String(already)}`;
  print(`${counts}, refused ${String(refused)}, report: ${report ?? 'none'}`);
}

function reasonOf(text: string): string {
  if (!isReason(text)) throw new InvalidArgumentError(new ReasonRejected().message);
  return text;
}

const HELP = `
By this the operator vouches that the identifiers of a row are those of the account with its e-mail address: nobody else is asked, and
nobody is told. The first line of the file names its columns, in any order: email, and any of vendor_id, user_identifier, legacy_user_id, kind
(of user_identifier: national_id, phone or email; its form tells unless told) and reason (in the place of --reason for that row; in a
report, link_reason). Identifiers of rows that no reason is given for are refused.
Columns that "users import" knows may be there as well. The account is looked for in the tenant of the row's vendor; cases that
somebody else has stay his.
It may be broken off at any time and run again: what is linked already is told as such. Refused identifiers are written to a report with
their reasons, to be mended there and given to this command; an older report is kept as .1. Exit code 1 means that some were refused.`;

/** `legacy link`: the operator's approval of many identifiers, from a CSV file. */
export const legacyLinkCommand = (env: Env): Command =>
  new Command('link')
    .description(
      'link accounts to the identifiers in a CSV file, by your word; may be broken off and run again',
    )
    .argument('<file>', 'the file, in UTF-8, with a line of column names')
    .option(
      '--reason <text>',
      'why they are known to be theirs, unless the row says; kept with each link',
      reasonOf,
    )
    .option('--report <file>', 'where refused rows go; beside the file, as .not-linked.csv, unless told')
    .addHelpText('after', HELP)
    .action((path: string, options: LinkOptions) => link(env, path, options));
