import { resolve } from 'node:path';
import { databaseName, prepareCluster, type Cluster } from './cluster.ts';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { enterCluster, type Report } from './enter-cluster.ts';
import type { Membership } from './membership.ts';
import { readPostmaster } from './postmaster.ts';
import { isGone, stopServer } from './stop-server.ts';

/** A PostgreSQL server that Casegate runs by itself, shared by all its processes with the same data folder. */
export interface EmbeddedPostgres {
  /** Connection string of database `casegate`, with the password: not for logs. */
  readonly url: string;
  /**
   * Leaves the server, after the caller has closed its own connections; the last client out stops it and waits until
   * it is gone. Every call returns the same outcome.
   * @throws {EmbeddedPostgresFailed} when it is to stop but does not.
   */
  readonly stop: () => Promise<void>;
}

/** How to run the embedded server. */
export interface EmbeddedPostgresOptions {
  /** The folder for the database, its password and its log; created when missing. */
  readonly dataDir: string;
  /** Is told of each step in a few words, without personal data. */
  readonly onEvent?: (event: string) => void;
  /** The longest that starting may take, in milliseconds; 60,000 if absent. */
  readonly startTimeoutMs?: number;
}

/**
 * Starts PostgreSQL on a data folder, or joins the server that another process runs or a killed one has left there.
 * A caller that dies without `stop` leaves the server running for the next one.
 * @throws {EmbeddedPostgresFailed} with what to do and the end of the server's log, within `startTimeoutMs`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const deadline = performance.now() + (options.startTimeoutMs ?? 60_000);
  const report: Report = (event) => options.onEvent?.(event);
  const dataDir = resolve(options.dataDir);
  try {
    const cluster = await prepareCluster(dataDir);
    const membership = await enterCluster(cluster, deadline, report);
    const { port, password } = membership.address;
    let stopped: Promise<void> | null = null;
    return {
      url: `postgres://${databaseName}:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/${databaseName}`,
      stop: () => (stopped ??= leave(cluster, membership, report)),
    };
  } catch (error) {
    if (error instanceof EmbeddedPostgresFailed) throw error;
    throw new EmbeddedPostgresFailed(
      `The embedded PostgreSQL in ${dataDir} could not be started (${error instanceof Error ? error.message : 'unknown'}). ` +
        'See that this account may write to the folder and the disk has room, use another DATA_DIR, or set DATABASE_URL.',
      { cause: error },
    );
  }
}

async function leave(cluster: Cluster, membership: Membership, report: Report): Promise<void> {
  const outcome = await membership.leave(() => stopServer(cluster));
  if (outcome === 'stopped') return report('stopped the server');
  if (outcome === 'in-use') return report('left the server to its other clients');
  const postmaster = await readPostmaster(cluster.dataFolder);
  if (postmaster.kind !== 'running') return report('the server had already stopped');
  // Most likely another process is stopping it: whoever removes the folder next must not be too early.
  if (postmaster.stopping && (await isGone(cluster, postmaster.pid, 20_000))) {
    return report('the server was stopped by another process');
  }
  return report('left a server that does not answer');
}
