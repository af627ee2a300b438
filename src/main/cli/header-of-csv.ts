import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { columnName } from './csv-file.ts';

/** The most octets of a first line that is looked at. */
const MAX_OCTETS = 65_536;

/** The names in the first line of a file, in lower case; none where it is no such file, or cannot be read. */
export async function headerOfCsv(path: string): Promise<readonly string[]> {
  const file = createReadStream(path, { end: MAX_OCTETS - 1 });
  const parser = parse({ bom: true, to: 1 });
  file.on('error', (error) => parser.destroy(error));
  try {
    const [header = []] = (await file.pipe(parser).toArray()) as readonly (readonly string[])[];
    return header.map(columnName);
  } catch {
    return [];
  }
}
