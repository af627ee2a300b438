import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { CommandRefused } from './exit-codes.ts';

/** A file that tells of each finding on a line. */
export interface FindingReport {
  readonly add: (cells: readonly [finding: string, about: string, id: string]) => void;
  /** Writes all of it down. @throws {CommandRefused} where that fails */
  readonly close: () => Promise<void>;
}

/**
 * Begins a report in the place of an older one; nobody but its owner may read it.
 *
 * @throws {CommandRefused} where the file cannot be written
 */
export async function openFindingReport(path: string): Promise<FindingReport> {
  const refused = (): never => {
    throw new CommandRefused(`The report ${path} cannot be written.`);
  };
  await rm(path, { force: true }).catch(refused);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await once(file, 'open').catch(refused);
  const rows = stringify();
  rows.pipe(file);
  const done = finished(file);
  done.catch(() => undefined);
  rows.write(['finding', 'about', 'id']);
  return {
    add: (cells) => {
      rows.write([...cells]);
    },
    close: async () => {
      rows.end();
      await done.catch(refused);
    },
  };
}
