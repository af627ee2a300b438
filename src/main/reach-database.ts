import { startEmbeddedPostgres } from '../adapters/embedded-postgres/embedded-postgres.ts';
import type { Config } from './config/config.ts';

/** Where the database is, for as long as it is needed. */
export interface ReachedDatabase {
  readonly url: string;
  /** The server itself: for LISTEN and migrations. */
  readonly directUrl: string;
  /** The owner of the tables, where the service's own role owns nothing. */
  readonly ownerUrl: string | undefined;
  /** Lets go of it; the embedded one is stopped when nobody else uses it. */
  readonly release: () => Promise<void>;
}

/**
 * The database that the operator named, or the embedded one, started where it does not run yet.
 *
 * @param onEvent told what the embedded database does, in words without anything personal
 * @throws {EmbeddedPostgresFailed}
 */
export async function reachDatabase(
  { database, dataDir }: Config,
  onEvent: (event: string) => void = () => undefined,
): Promise<ReachedDatabase> {
  const { url, directUrl, ownerUrl } = database;
  if (url !== null) {
    return {
      url,
      directUrl: directUrl ?? url,
      ownerUrl: ownerUrl ?? undefined,
      release: () => Promise.resolve(),
    };
  }
  const embedded = await startEmbeddedPostgres({ dataDir, onEvent });
  return { url: embedded.url, directUrl: embedded.url, ownerUrl: undefined, release: embedded.stop };
}
