import { resolve } from 'node:path';
import { columnName, REPORT_COLUMNS } from './csv-file.ts';
import { openCsvReport } from './csv-report.ts';
import { CommandRefused } from './exit-codes.ts';
import { reporting } from './reporting.ts';

/** Why a row was refused, or what was left out of it. */
export interface ReportLine {
  readonly line: number;
  readonly code: string;
  readonly reason: string;
  /** The row's own, as they are written. */
  readonly cells: readonly string[];
}

/** A file that tells which rows were refused, and why: to be mended and given to the command again. */
export interface RefusalReport {
  readonly add: (line: ReportLine) => Promise<void>;
}

/** What came of a command, and where its report is; `null` where nothing was refused. */
export interface Reported<T> {
  readonly result: T;
  readonly report: string | null;
}

/**
 * Where the report of a file goes: beside it, unless told.
 *
 * @param ending such as `refused`
 * @throws {CommandRefused} where the file itself would be replaced by it, or by the older report that is kept
 */
export function refusalReportPath(path: string, ending: string, told: string | undefined): string {
  const report = told ?? `${path.replace(/\.csv$/i, '')}.${ending}.csv`;
  if ([report, `${report}.1`].some((place) => resolve(place) === resolve(path))) {
    throw new CommandRefused('The report would replace the file.');
  }
  return report;
}

/**
 * Does some work with a report at hand, which is left where something was refused. It holds what the rows hold, so nobody but its owner
 * may read it.
 *
 * @param header the columns of the rows
 * @throws {CommandRefused} where the report cannot be written
 */
export async function reportingRefusals<T>(
  path: string,
  header: readonly string[],
  work: (report: RefusalReport) => Promise<T>,
): Promise<Reported<T>> {
  // A report that is given back has these columns already.
  const own = header.map((name) => REPORT_COLUMNS.some((column) => column === columnName(name)));
  const withoutOwn = (cells: readonly string[]): readonly string[] => cells.filter((_, index) => !own[index]);
  const file = await openCsvReport(path, REPORT_COLUMNS, withoutOwn(header));
  const result = await reporting(file, () =>
    work({ add: ({ line, code, reason, cells }) => file.add([line, code, reason, ...withoutOwn(cells)]) }),
  );
  return { result, report: (await file.close({ dropEmpty: true })) > 0 ? path : null };
}
