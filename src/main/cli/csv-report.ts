import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { lstat, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { headerOfCsv } from './header-of-csv.ts';
import { CommandRefused } from './exit-codes.ts';

/** A file of comma-separated values that a command writes while it works. */
export interface CsvReport {
  /** @throws {CommandRefused} where it cannot be written */
  readonly add: (cells: readonly unknown[]) => Promise<void>;
  /**
   * Puts it in its place. One that is there already is kept beside it as `<path>.1`, in the place of an older one.
   *
   * @returns how many lines it has, its header not among them
   * @throws {CommandRefused} where it cannot be written
   */
  readonly close: (options?: { readonly dropEmpty: boolean }) => Promise<number>;
  /** Leaves what was there in its place, and what was written until now beside it. @returns where; `null` where that is nothing */
  readonly breakOff: () => Promise<string | null>;
}

/**
 * Begins a report beside the place that it will have, so that an older one stays until there is a newer one. Nobody but its owner may
 * read it.
 *
 * @param columns by which any report of this kind is known
 * @param others the columns that follow them in this one
 * @throws {CommandRefused} where it cannot be written, or its place is taken by something else than a report
 */
export async function openCsvReport(
  path: string,
  columns: readonly string[],
  others: readonly string[] = [],
): Promise<CsvReport> {
  const refused = (): never => {
    throw new CommandRefused(`The report ${path} cannot be written.`);
  };
  await assertReplaceable(path, columns);
  // Two who run the same command at the same time write two of them.
  const part = `${path}.${String(process.pid)}.part`;
  await rm(part, { force: true }).catch(refused);
  const file = createWriteStream(part, { flags: 'wx', mode: 0o600 });
  await once(file, 'open').catch(refused);
  const rows = stringify();
  rows.pipe(file);
  const done = finished(file);
  done.catch(() => undefined);
  let lines = -1;
  const add = async (cells: readonly unknown[]): Promise<void> => {
    lines += 1;
    if (!rows.write(cells)) await Promise.race([once(rows, 'drain'), done.catch(refused)]);
  };
  await add([...columns, ...others]);
  return {
    add,
    close: async ({ dropEmpty } = { dropEmpty: false }) => {
      rows.end();
      await done.catch(refused);
      await keepOlder(path).catch(refused);
      await (dropEmpty && lines === 0 ? rm(part) : rename(part, path)).catch(refused);
      return lines;
    },
    breakOff: async () => {
      rows.end();
      await done.catch(() => undefined);
      if (lines > 0) return part;
      await rm(part, { force: true });
      return null;
    },
  };
}

/** @throws {CommandRefused} where something is there that is no report: it may be anybody's */
async function assertReplaceable(path: string, columns: readonly string[]): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found || (found.isFile() && found.size === 0)) return;
  const names = found.isFile() ? await headerOfCsv(path) : [];
  if (columns.every((column) => names.includes(column))) return;
  throw new CommandRefused(
    `${path} is there and is no report, so it is not replaced. Give another file to --report.`,
  );
}

async function keepOlder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found) await rename(path, `${path}.1`);
}
