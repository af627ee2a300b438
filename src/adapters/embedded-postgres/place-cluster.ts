import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { errorCode } from './error-code.ts';
import { isReachable } from './is-reachable.ts';
import { keepOnce, readIfThere } from './keep-once.ts';
import { isRoot, ordinaryOwner, unprivilegedUser, type OsUser } from './os-user.ts';

/** Where root keeps what PostgreSQL's account could not reach elsewhere. */
export const systemFolder = '/var/lib/casegate';

/** Where a cluster lies and whose it is. */
export interface ClusterPlace {
  /** The folder around the cluster. */
  readonly parent: string;
  /** The account that PostgreSQL runs under; null for the account of this process. */
  readonly user: OsUser | null;
}

/**
 * Decides where the cluster of a data folder lies, the same for all processes and at every start: in the data folder
 * or, when Casegate is root and PostgreSQL's account cannot get there, in a system folder that the file
 * `postgres-location` of the data folder names. Removing the data folder thus always gives a fresh database.
 * @throws {EmbeddedPostgresFailed} when an existing cluster is out of reach or gone.
 */
export async function placeCluster(dataDir: string): Promise<ClusterPlace> {
  if (!isRoot()) return { parent: dataDir, user: null };
  const location = join(dataDir, 'postgres-location');
  const id = await readIfThere(location);
  if (id !== null) return existingPlace(id.trim(), location);
  const cluster = join(dataDir, 'postgres');
  const user = (await ordinaryOwner(cluster)) ?? (await unprivilegedUser());
  if (await isReachable(dataDir, user)) return { parent: dataDir, user };
  if ((await readIfThere(join(cluster, 'PG_VERSION'))) !== null) {
    throw new EmbeddedPostgresFailed(
      `PostgreSQL does not run as root, and ${user.name}, whom the database in ${cluster} belongs to, cannot get there. ` +
        `Let ${user.name} pass through the folders above it (chmod o+x), or run Casegate as that user.`,
    );
  }
  return systemPlace(location, dataDir, user);
}

async function existingPlace(id: string, location: string): Promise<ClusterPlace> {
  const parent = join(systemFolder, id);
  if (!/^[0-9a-f]{32}$/.test(id) || !(await isFolder(parent))) {
    throw new EmbeddedPostgresFailed(
      `According to ${location}, the database is in ${parent}, but there is no such folder. ` +
        `Restore it from a backup, or remove ${location} to begin with an empty database.`,
    );
  }
  return {
    parent,
    user: (await ordinaryOwner(join(parent, 'postgres'))) ?? (await unprivilegedUser()),
  };
}

async function systemPlace(location: string, dataDir: string, user: OsUser): Promise<ClusterPlace> {
  const own = randomBytes(16).toString('hex');
  const folder = join(systemFolder, own);
  await mkdir(systemFolder, { recursive: true });
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, 0, user.gid);
  await chmod(folder, 0o710);
  // For the operator who wonders whose database this is.
  await writeFile(join(folder, 'data-dir'), `${dataDir}\n`, { mode: 0o600 });
  const kept = (await keepOnce(location, `${own}\n`)).trim();
  if (kept !== own) await rm(folder, { recursive: true });
  return existingPlace(kept, location);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
