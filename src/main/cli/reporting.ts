import type { CsvReport } from './csv-report.ts';

/**
 * Does the work that a report tells of. Where the work fails, what the report has until then is left beside its place, and standard error
 * says where.
 *
 * @throws whatever the work throws
 */
export async function reporting<T>(report: CsvReport, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const part = await report.breakOff();
    if (part !== null) process.stderr.write(`report until then: ${part}\n`);
    throw error;
  }
}
