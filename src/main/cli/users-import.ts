import { Command } from 'commander';
import type { Application } from '../../application/application.ts';
import type { OpenedImport } from '../../application/identity/open-import.ts';
import { inOrder } from '../../application/steps/in-order.ts';
import {
  EmailRejected,
  EmailTaken,
  LanguageRejected,
  PasswordHashRejected,
  UserConflict,
} from '../../domain/identity/errors.ts';
import { normalEmail } from '../../domain/shared/email-address.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { type CsvFault, type CsvFile, type CsvRow, openCsvFile } from './csv-file.ts';
import type { Env } from './env.ts';
import { CommandRefused } from './exit-codes.ts';
import { IMPORT_COLUMNS, type ImportColumn, type ImportedPerson, readImportRow } from './import-row.ts';
import { OPERATOR } from './operator.ts';
import { print } from './print.ts';
import { withProgress } from './progress.ts';
import { type RefusalReport, refusalReportPath, reportingRefusals } from './refusal-report.ts';
import { TakeTurns } from './take-turns.ts';
import { TenantsOfVendors } from './tenants-of-vendors.ts';
import { withCasegate } from './with-casegate.ts';

/** Rows that are under way at the same time. */
const AT_ONCE = 8;
/** Rows of which it is asked at once whether they were done before. */
const WINDOW = 500;

interface ImportOptions {
  readonly invite?: true;
  readonly tenant?: string;
  readonly report?: string;
}

type Row = CsvRow<ImportColumn>;

/** What came of a row. */
interface RowOutcome {
  readonly kind: 'imported' | 'already' | 'refused';
  readonly row: Row;
  /** Why it was refused, or what was left out of it. */
  readonly remarks: readonly CsvFault[];
}

/** A row, and whether its account was made by an earlier run of the command. */
interface KnownRow {
  readonly row: Row;
  readonly isDone: boolean;
}

/** One run of the command. */
interface Import {
  readonly app: Application;
  readonly file: CsvFile<ImportColumn>;
  readonly opened: OpenedImport;
  readonly options: ImportOptions;
  /** Rows of one address are made one after the other, so that the first one of a file has it. */
  readonly turns: TakeTurns;
  readonly tenants: TenantsOfVendors;
}

/** What of an account refuses its row; anything else ends the command. */
const ROW_REFUSALS = [EmailRejected, EmailTaken, LanguageRejected, PasswordHashRejected, UserConflict];

const isRowRefusal = (error: unknown): error is DomainError =>
  ROW_REFUSALS.some((refusal) => error instanceof refusal);

async function isImported({ app, opened }: Import, line: number): Promise<boolean> {
  const request = { actor: OPERATOR, runId: opened.run.id, first: line, last: line };
  return (await app.identity.listImportedLines.execute(request)).length > 0;
}

async function importRow(run: Import, { row, isDone }: KnownRow): Promise<RowOutcome> {
  const person = readImportRow(run.app, row, run.options.tenant);
  if ('code' in person) return { kind: 'refused', row, remarks: [person] };
  if (isDone) return { kind: 'already', row, remarks: person.warnings };
  const tenantId = await run.tenants.find(person.tenant);
  if (typeof tenantId !== 'string') return { kind: 'refused', row, remarks: [tenantId] };
  const key = JSON.stringify([tenantId, normalEmail(person.email)]);
  return run.turns.run(key, () => makeAccount(run, row, person, tenantId));
}

async function makeAccount(
  run: Import,
  row: Row,
  { candidates, warnings, tenant: _tenant, ...account }: ImportedPerson,
  tenantId: TenantId,
): Promise<RowOutcome> {
  const { app, opened, options } = run;
  try {
    await app.identity.createUser.execute({
      actor: { kind: 'system', tenantId },
      ...account,
      invitation: options.invite ? 'mail' : 'none',
      imported: { runId: opened.run.id, line: row.line, candidates },
    });
    return { kind: 'imported', row, remarks: warnings };
  } catch (error) {
    if (!isRowRefusal(error)) throw error;
    // Somebody who imports the same file at the same time was faster.
    if (await isImported(run, row.line)) return { kind: 'already', row, remarks: warnings };
    return { kind: 'refused', row, remarks: [{ code: error.code, reason: error.message }] };
  }
}

/** The rows of the file with what is known of them; asks for many at a time. */
async function* knownRows({ app, file, opened }: Import): AsyncGenerator<KnownRow> {
  for await (const rows of windows(file.rows())) {
    const [first = 0, last = 0] = [rows[0]?.line, rows.at(-1)?.line];
    const request = { actor: OPERATOR, runId: opened.run.id, first, last };
    const lines = opened.isResumed ? await app.identity.listImportedLines.execute(request) : [];
    const done = new Set(lines);
    for (const row of rows) yield { row, isDone: done.has(row.line) };
  }
}

async function* windows(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[]> {
  let window: Row[] = [];
  for await (const row of rows) {
    window.push(row);
    if (window.length === WINDOW) {
      yield window;
      window = [];
    }
  }
  if (window.length > 0) yield window;
}

type Counts = Record<RowOutcome['kind'] | 'warnings', number>;

async function importRows(run: Import, report: RefusalReport): Promise<Counts> {
  const counts: Counts = { imported: 0, already: 0, refused: 0, warnings: 0 };
  const outcomes = inOrder(knownRows(run), AT_ONCE, (known) => importRow(run, known));
  await withProgress('rows imported', async (update) => {
    let done = 0;
    for await (const { kind, remarks, row } of outcomes) {
      counts[kind] += 1;
      if (kind !== 'refused') counts.warnings += remarks.length;
      for (const remark of remarks) await report.add({ ...remark, line: row.line, cells: row.cells });
      update((done += 1), run.file.count);
    }
  });
  return counts;
}

async function importUsers(env: Env, path: string, options: ImportOptions): Promise<void> {
  const reportPath = refusalReportPath(path, 'refused', options.report);
  const { tenant = null } = options;
  const file = await openCsvFile(path, IMPORT_COLUMNS, JSON.stringify(['users-import', tenant]));
  await withCasegate(env, async (app) => {
    if (tenant !== null && !(await app.tenancy.findTenantBySlug.execute({ actor: OPERATOR, slug: tenant }))) {
      throw new CommandRefused(`There is no tenant "${tenant}".`);
    }
    const { report, result: counts } = await reportingRefusals(reportPath, file.header, (lines) =>
      importFile({ app, file, options, turns: new TakeTurns(), tenants: new TenantsOfVendors(app) }, lines),
    );
    printSummary(counts, report);
    if (counts.refused > 0) throw new CommandRefused(`${String(counts.refused)} rows were refused.`);
  });
}

async function importFile(given: Omit<Import, 'opened'>, report: RefusalReport): Promise<Counts> {
  const { app, file, options } = given;
  const opened = await app.identity.openImport.execute({
    actor: OPERATOR,
    fileDigest: file.digest,
    options: { tenant: options.tenant ?? null },
  });
  const counts = await importRows({ ...given, opened }, report);
  await app.identity.finishImport.execute({ actor: OPERATOR, runId: opened.run.id });
  return counts;
}

function printSummary({ already, imported, refused, warnings }: Counts, report: string | null): void {
  if (warnings > 0) print(`${String(warnings)} identifiers were left out; the report says which and why`);
  const counts = `imported ${String(imported)}, already there ${String(already)}, refused ${String(refused)}`;
  print(`${counts}, report: ${report ?? 'none'}`);
}

const HELP = `
The first line of the file names its columns, in any order: email, and any of role (patient unless told), language (en unless told),
vendor_id, user_identifier, legacy_user_id and password_hash. An account belongs to the tenant of its vendor. Nobody is told by mail
unless by --invite. Identifiers are kept as candidates; they link nobody to anything by themselves.
It may be broken off at any time and run again: no row makes a second account. Refused rows are written to a report with their reasons,
to be mended there and imported from it; an older report is kept as .1. Exit code 1 means that some were refused.
Lines of the report whose code begins with "warning:" are of accounts that were made without an identifier. Delete them before it is
imported, or each is refused as identity.email-taken; "legacy link" takes their identifiers, once mended.`;

/** `users import`: accounts of many people from a CSV file. */
export const usersImportCommand = (env: Env): Command =>
  new Command('import')
    .description('make accounts of the people in a CSV file; may be broken off and run again')
    .argument('<file>', 'the file, in UTF-8, with a line of column names')
    .option('--invite', 'mail everybody an invitation to choose a password')
    .option('--tenant <slug>', 'tenant of the people whose row names no vendor')
    .option('--report <file>', 'where refused rows go; beside the file, as .refused.csv, unless told')
    .addHelpText('after', HELP)
    .action((path: string, options: ImportOptions) => importUsers(env, path, options));
