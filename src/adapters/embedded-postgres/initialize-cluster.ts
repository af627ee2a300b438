import { execFile } from 'node:child_process';
import { chown, lchown, mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clusterMajor, databaseName, type Cluster } from './cluster.ts';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { errorCode } from './error-code.ts';
import { processOptions } from './process-options.ts';

const execute = promisify(execFile);
const draftPrefix = 'postgres-new-';

/** The age from which a draft is taken for a dead process's, in milliseconds. */
const abandonedAfter = 3_600_000;

/**
 * Makes the cluster unless it exists: in a draft folder that takes its name in one step, so that a cluster is
 * there whole or not at all, and the slower of two processes discards its own.
 * @throws {EmbeddedPostgresFailed} when initdb fails or takes longer than `timeoutMs` milliseconds.
 */
export async function initializeCluster(cluster: Cluster, timeoutMs: number): Promise<void> {
  if ((await clusterMajor(cluster.dataFolder)) !== null) return;
  await removeAbandoned(cluster.parent);
  const draft = await mkdtemp(join(cluster.parent, draftPrefix));
  try {
    const files = await prepareDraft(draft, cluster);
    await runInitdb(cluster, files, timeoutMs);
    await takeName(files.data, cluster.dataFolder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Gives a cluster that root restored (from a backup, say) to the account that PostgreSQL runs under. */
export async function handOver({ dataFolder, user }: Cluster): Promise<void> {
  if (user === null || (await stat(dataFolder)).uid !== 0) return;
  for (const entry of await readdir(dataFolder, { recursive: true })) {
    await lchown(join(dataFolder, entry), user.uid, user.gid);
  }
  await lchown(dataFolder, user.uid, user.gid);
}

async function prepareDraft(draft: string, { password, user }: Cluster): Promise<DraftFiles> {
  const files = { data: join(draft, 'data'), password: join(draft, 'password') };
  await mkdir(files.data, { mode: 0o700 });
  await writeFile(files.password, `${password}\n`, { mode: 0o600 });
  if (user !== null) {
    // The folder around them last: until then nobody but root can put anything else in their place.
    for (const path of [files.data, files.password, draft]) await chown(path, user.uid, user.gid);
  }
  return files;
}

interface DraftFiles {
  readonly data: string;
  readonly password: string;
}

async function runInitdb({ binaries, user }: Cluster, files: DraftFiles, timeoutMs: number): Promise<void> {
  // PostgreSQL's own locale rather than the system's: the same order of texts on every machine, for good.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${databaseName}`, '--auth=scram-sha-256', `--pwfile=${files.password}`];
  try {
    await execute(binaries.initdb, ['-D', files.data, ...locale, ...access, '--no-instructions'], {
      ...processOptions(user, files.data),
      timeout: Math.max(1, Math.ceil(timeoutMs)),
      killSignal: 'SIGKILL',
    });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new EmbeddedPostgresFailed(
      `initdb could not make the database (${output === '' ? String(error) : output}). ` +
        'See that the disk has room and the data folder can be written, or set DATABASE_URL.',
      { cause: error },
    );
  }
}

async function takeName(draft: string, dataFolder: string): Promise<void> {
  try {
    await rename(draft, dataFolder);
  } catch (error) {
    if ((await clusterMajor(dataFolder)) !== null) return;
    if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    throw new EmbeddedPostgresFailed(
      `${dataFolder} exists but is no PostgreSQL database. Move it away, or use another DATA_DIR.`,
      { cause: error },
    );
  }
  if (process.platform === 'win32') return;
  const folder = await open(join(dataFolder, '..'));
  await folder.sync().finally(() => folder.close());
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(draftPrefix)) continue;
    const path = join(parent, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > abandonedAfter) await rm(path, { recursive: true, force: true });
  }
}
