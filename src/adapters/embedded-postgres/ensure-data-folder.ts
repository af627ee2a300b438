import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './error-code.ts';
import { isRoot, unprivilegedUser } from './os-user.ts';

/**
 * Creates the data folder when it is missing, closed to everyone else (0700); an existing one is left as it is.
 * Under root it is 0710 with the group of PostgreSQL's account, which may then pass through it to the cluster
 * but not list it. It appears in one step with these rights, so that racing processes see the same.
 */
export async function ensureDataFolder(dataDir: string): Promise<void> {
  if (await exists(dataDir)) return;
  await mkdir(dirname(dataDir), { recursive: true });
  const draft = `${dataDir}.${randomUUID()}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    if (isRoot()) {
      const { gid } = await unprivilegedUser();
      await chown(draft, 0, gid);
      await chmod(draft, 0o710);
    }
    await rename(draft, dataDir);
  } catch (error) {
    if (!(await exists(dataDir))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
