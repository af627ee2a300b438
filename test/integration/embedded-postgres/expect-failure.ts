import { EmbeddedPostgresFailed } from '../../../src/adapters/embedded-postgres/embedded-postgres-failed.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/embedded-postgres.ts';

/** Starts the embedded server where it must fail in its own words; the failure. */
export async function expectFailure(
  dataDir: string,
  startTimeoutMs = 20_000,
): Promise<EmbeddedPostgresFailed> {
  try {
    await startEmbeddedPostgres({ dataDir, startTimeoutMs });
  } catch (error) {
    if (error instanceof EmbeddedPostgresFailed) return error;
    throw error;
  }
  throw new Error('It started where it should have failed.');
}
