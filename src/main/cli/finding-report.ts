import { openCsvReport } from './csv-report.ts';
import { reporting } from './reporting.ts';

/** What a line of the report says of a finding. */
export type FindingCells = readonly [finding: string, about: string, id: string];

/**
 * Does some work with a report of findings at hand; nobody but its owner may read it.
 *
 * @throws {CommandRefused} where the report cannot be written
 */
export async function reportingFindings<T>(
  path: string,
  work: (add: (cells: FindingCells) => Promise<void>) => Promise<T>,
): Promise<T> {
  const file = await openCsvReport(path, ['finding', 'about', 'id']);
  const result = await reporting(file, () => work(file.add));
  await file.close();
  return result;
}
