import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { isStorable } from '../../domain/shared/text.ts';
import { CommandRefused } from './exit-codes.ts';

/** What the first line of a file may name. */
export interface CsvColumns<Column extends string> {
  readonly required: readonly Column[];
  readonly optional: readonly Column[];
}

/** One row of a file. */
export interface CsvRow<Column extends string> {
  /** On which it ends, counted from 1, the header being one. */
  readonly line: number;
  /** As they are written, in the order of the file. */
  readonly cells: readonly string[];
  /** Trimmed; `null` for an empty cell, and for a column that the file does not have. */
  readonly values: Readonly<Record<Column, string | null>>;
  /** Why it cannot be read as a row; its values say nothing then. `null` where it can. */
  readonly fault: CsvFault | null;
}

/** What is wrong with a row as such. */
export interface CsvFault {
  readonly code: string;
  readonly reason: string;
}

/** A file of comma-separated values (RFC 4180) that was read once and found to be one. */
export interface CsvFile<Column extends string> {
  /** The names of its columns, as they are written. */
  readonly header: readonly string[];
  /** Rows, the header not among them. */
  readonly count: number;
  /** SHA-256 of its octets and of what it was opened with, 32 octets. */
  readonly digest: Uint8Array;
  /** Reads the file again from its first row, as fast as rows are taken. Rows without any value are passed over. */
  readonly rows: () => AsyncIterable<CsvRow<Column>>;
}

/** Where a report of refused rows is given back to the command that wrote it, its own columns are passed over. */
export const REPORT_COLUMNS = ['line', 'code', 'reason'] as const;

/** The longest row, in octets: nobody writes a longer one, and memory is bounded by it. */
const MAX_ROW_OCTETS = 65_536;

const WRONG_COUNT = 'import.column-count';
const ILL_FORMED = 'import.ill-formed';

/**
 * Opens a file whose first line names its columns, in any order and in either case. All of it is read once, so that a file that is
 * broken somewhere is refused before anything is done with its rows.
 *
 * @param told what else makes two runs over the file different ones
 * @throws {CommandRefused} where it cannot be read, is no CSV in UTF-8, or its columns are others
 */
export async function openCsvFile<Column extends string>(
  path: string,
  columns: CsvColumns<Column>,
  told: string,
): Promise<CsvFile<Column>> {
  await assertFile(path);
  const digest = createHash('sha256').update(`${told}\n`);
  let header: readonly string[] | null = null;
  let count = 0;
  for await (const { record } of recordsOf(path, (octets) => digest.update(octets))) {
    if (header) count += 1;
    else header = headerOf(record, columns);
  }
  if (!header) throw new CommandRefused('The file is empty: its first line names the columns.');
  const names = header;
  return { header, count, digest: digest.digest(), rows: () => rowsOf(path, names, columns) };
}

async function assertFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new CommandRefused(`There is no file ${path}, or it may not be read.`);
  // It is read twice, and again where the command is run again.
  if (!found.isFile()) throw new CommandRefused(`${path} is no regular file.`);
}

/** @throws {CommandRefused} where a column is missing, unknown or there twice */
function headerOf<Column extends string>(
  record: readonly string[],
  { required, optional }: CsvColumns<Column>,
): readonly string[] {
  const names = record.map(columnName);
  const known: readonly string[] = [...required, ...optional, ...REPORT_COLUMNS];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandRefused(`Unknown column ${JSON.stringify(unknown)}; there may be: ${known.join(', ')}.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CommandRefused(`The column "${twice}" is there twice.`);
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new CommandRefused(`The first line lacks: ${missing.join(', ')}.`);
  return record;
}

/** The name of a column as the first line of a file writes it, in the way in which names are compared. */
export const columnName = (text: string): string => text.trim().toLowerCase();

async function* rowsOf<Column extends string>(
  path: string,
  header: readonly string[],
  { required, optional }: CsvColumns<Column>,
): AsyncGenerator<CsvRow<Column>> {
  const names = header.map(columnName);
  let isHeader = true;
  for await (const { record: cells, info } of recordsOf(path)) {
    if (!isHeader) {
      const values = Object.fromEntries(
        [...required, ...optional].map((name) => [name, valueOf(cells[names.indexOf(name)])]),
      ) as Record<Column, string | null>;
      yield { line: info.lines, cells, values, fault: faultOf(cells, names.length) };
    }
    isHeader = false;
  }
}

function valueOf(cell: string | undefined): string | null {
  const value = cell?.trim();
  return value === undefined || value === '' ? null : value;
}

function faultOf(cells: readonly string[], expected: number): CsvFault | null {
  if (cells.length !== expected) {
    const [has, named] = [String(cells.length), String(expected)];
    return { code: WRONG_COUNT, reason: `The row has ${has} cells, and the first line names ${named}.` };
  }
  if (cells.every(isStorable)) return null;
  return { code: ILL_FORMED, reason: 'A cell holds a NUL character, which cannot be stored.' };
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

/** @throws {CommandRefused} where it turns out to be no CSV in UTF-8 */
async function* recordsOf(
  path: string,
  onOctets: (octets: Buffer) => void = () => undefined,
): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    max_record_size: MAX_ROW_OCTETS,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const source = async function* (octets: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of octets) {
      decoder.decode(chunk, { stream: true });
      onOctets(chunk);
      yield chunk;
    }
    decoder.decode();
  };
  // What goes wrong is told by the parser, which is destroyed with it.
  pipeline(createReadStream(path), source, parser, () => undefined);
  try {
    for await (const parsed of parser) yield parsed as CsvRecord;
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? `Line ${String(error['lines'])}: ` : '';
    return new CommandRefused(`${line}${WORDS[error.code] ?? 'this is no CSV.'}`);
  }
  if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new CommandRefused('The file is not encoded in UTF-8. Save it as such and run this again.');
  }
  if (error instanceof Error && 'syscall' in error) {
    return new CommandRefused('The file cannot be read.');
  }
  return error;
}

/** What is wrong, by the parser's code; never with what the file says. */
const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed.',
  INVALID_OPENING_QUOTE:
    'a quote stands within a cell that does not begin with one; write the cell in quotes, and its quotes twice.',
  CSV_INVALID_CLOSING_QUOTE:
    'something stands behind the closing quote of a cell; a quote within a cell is written twice.',
  CSV_MAX_RECORD_SIZE: `a row is longer than ${String(MAX_ROW_OCTETS)} octets; a quote may be open.`,
};
