import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { prepareBinaries, type Binaries } from './binaries.ts';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { ensureDataFolder } from './ensure-data-folder.ts';
import { keepOnce, readIfThere } from './keep-once.ts';
import type { OsUser } from './os-user.ts';
import { placeCluster, systemFolder } from './place-cluster.ts';

/** A database cluster on this machine: where it lies, what runs it, and as whom. */
export interface Cluster {
  /** The folder that PostgreSQL calls its data directory; missing until the cluster is initialized. */
  readonly dataFolder: string;
  /** The folder around it, on the same file system. */
  readonly parent: string;
  readonly logFile: string;
  readonly lockFile: string;
  /** The account that PostgreSQL runs under; null for the account of this process. */
  readonly user: OsUser | null;
  readonly binaries: Binaries;
  readonly password: string;
}

/** The name of the database and of its owner. */
export const databaseName = 'casegate';

/**
 * Settles everything about the cluster of a data folder short of touching the cluster itself.
 * @throws {EmbeddedPostgresFailed} when it cannot be used with what is installed here.
 */
export async function prepareCluster(dataDir: string): Promise<Cluster> {
  await ensureDataFolder(dataDir);
  const { parent, user } = await placeCluster(dataDir);
  const binaries = await prepareBinaries(user, user === null ? dataDir : systemFolder);
  const dataFolder = join(parent, 'postgres');
  const initializedBy = await clusterMajor(dataFolder);
  if (initializedBy !== null && initializedBy !== binaries.major) {
    throw new EmbeddedPostgresFailed(
      `The database in ${dataFolder} was made by PostgreSQL ${initializedBy}, but the installed one is ${binaries.major}. ` +
        'Install the former version of Casegate and move the data with pg_dump, or use another DATA_DIR.',
    );
  }
  return {
    dataFolder,
    parent,
    user,
    binaries,
    logFile: join(dataDir, 'postgres.log'),
    lockFile: join(dataDir, 'postgres-start.lock'),
    password: await keptPassword(join(dataDir, 'postgres-password'), initializedBy !== null),
  };
}

/** The major version that initialized the cluster in a folder; null while there is none. */
export async function clusterMajor(dataFolder: string): Promise<string | null> {
  return (await readIfThere(join(dataFolder, 'PG_VERSION')))?.trim() ?? null;
}

async function keptPassword(file: string, initialized: boolean): Promise<string> {
  const kept = await readIfThere(file);
  if (kept !== null) return kept.trim();
  // The password is always kept before the cluster is made: without it, this cluster cannot be entered.
  if (initialized) {
    throw new EmbeddedPostgresFailed(
      `The database exists, but its password file ${file} is gone. Restore the file from a backup, or use another DATA_DIR.`,
    );
  }
  return (await keepOnce(file, `${randomBytes(24).toString('base64url')}\n`)).trim();
}
