import { readFile, stat } from 'node:fs/promises';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { errorCode } from './error-code.ts';

/** The account that PostgreSQL runs under when Casegate itself is root, whom PostgreSQL refuses. */
export interface OsUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const usualNames = ['nobody', 'postgres', 'daemon', 'www-data', 'bin'];

/** Whether this process is root; never so on Windows. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The first usual account without privileges that /etc/passwd knows (initdb looks itself up there).
 * @throws {EmbeddedPostgresFailed} when there is none.
 */
export async function unprivilegedUser(): Promise<OsUser> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of usualNames) {
    const [, , uid, gid] = accounts.find((account) => account[0] === name) ?? [];
    if (uid !== undefined && gid !== undefined && Number(uid) !== 0) {
      return { name, uid: Number(uid), gid: Number(gid) };
    }
  }
  throw new EmbeddedPostgresFailed(
    'PostgreSQL refuses to run as root, and /etc/passwd has no account such as "nobody" to run it under. ' +
      'Run Casegate as an ordinary user, or set DATABASE_URL.',
  );
}

/** The owner of a file or folder; null when it does not exist or belongs to root. */
export async function ordinaryOwner(path: string): Promise<OsUser | null> {
  try {
    const { uid, gid } = await stat(path);
    return uid === 0 ? null : { name: `user ${String(uid)}`, uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
