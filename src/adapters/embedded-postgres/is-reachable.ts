import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { OsUser } from './os-user.ts';

/** Whether `user` may enter `path` and every folder above it, by mode bits alone: access lists count as refusing. */
export async function isReachable(path: string, user: OsUser): Promise<boolean> {
  let current = await realpath(path);
  for (;;) {
    const { uid, gid, mode } = await stat(current);
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
    if (((mode >> shift) & 0o1) === 0) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
