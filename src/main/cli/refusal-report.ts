import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { REPORT_COLUMNS } from './csv-file.ts';
import { CommandRefused } from './exit-codes.ts';

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
  /** Writes all of it down. A report without lines is removed. @returns where it is; `null` where nothing was refused */
  readonly close: () => Promise<string | null>;
}

/**
 * Begins a report in the place of an older one. It holds what the rows hold, so nobody but its owner may read it.
 *
 * @param header the columns of the rows
 * @throws {CommandRefused} where the file cannot be written
 */
export async function openRefusalReport(path: string, header: readonly string[]): Promise<RefusalReport> {
  const refused = (): never => {
    throw new CommandRefused(`The report ${path} cannot be written.`);
  };
  // An older one may be open to others; a new file is not.
  await rm(path, { force: true }).catch(refused);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await once(file, 'open').catch(refused);
  const own = header.map((name) => REPORT_COLUMNS.some((column) => column === name.trim().toLowerCase()));
  const rows = stringify();
  rows.pipe(file);
  const done = finished(file);
  done.catch(() => undefined);
  let lines = 0;
  const write = async (cells: readonly unknown[]): Promise<void> => {
    if (!rows.write(cells)) await Promise.race([once(rows, 'drain'), done.catch(refused)]);
  };
  await write([...REPORT_COLUMNS, ...header.filter((_, index) => !own[index])]);
  return {
    add: async ({ line, code, reason, cells }) => {
      lines += 1;
      // A report that is given back has these columns already.
      await write([line, code, reason, ...cells.filter((_, index) => !own[index])]);
    },
    close: async () => {
      rows.end();
      await done.catch(refused);
      if (lines > 0) return path;
      await rm(path);
      return null;
    },
  };
}
