import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPostmaster } from './process-info.ts';
import { readIfThere } from './keep-once.ts';

/** What `postmaster.pid` tells of the server of a cluster. */
export type Postmaster =
  | { readonly kind: 'absent' }
  /** Just being written, as far as one can tell. */
  | { readonly kind: 'unreadable' }
  /** Left behind by a dead server; `pid` may belong to another program by now, and is null when the file is unreadable. */
  | { readonly kind: 'stale'; readonly pid: number | null }
  /** `port` is null until the server has chosen it. */
  | {
      readonly kind: 'running';
      readonly pid: number;
      readonly port: number | null;
      readonly stopping: boolean;
    };

/** The age from which a file without a process id is taken for a remnant, not for one being written, in milliseconds. */
const writingTakes = 2_000;

/** The file in which the server of a cluster says who and where it is. */
export function postmasterFile(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

/** Reads `postmaster.pid` and checks it against the living processes. */
export async function readPostmaster(dataFolder: string): Promise<Postmaster> {
  const text = await readIfThere(postmasterFile(dataFolder));
  if (text === null) return { kind: 'absent' };
  const [id = '', , , port = '', , , , status = ''] = text.split('\n').map((line) => line.trim());
  const pid = Math.abs(Number.parseInt(id, 10));
  if (!(pid > 0)) return readUnreadable(dataFolder);
  if (!(await isPostmaster(pid, dataFolder))) return { kind: 'stale', pid };
  return {
    kind: 'running',
    pid,
    port: /^\d+$/.test(port) ? Number(port) : null,
    stopping: status === 'stopping',
  };
}

async function readUnreadable(dataFolder: string): Promise<Postmaster> {
  try {
    const { mtimeMs } = await stat(postmasterFile(dataFolder));
    return Date.now() - mtimeMs > writingTakes ? { kind: 'stale', pid: null } : { kind: 'unreadable' };
  } catch {
    return { kind: 'absent' };
  }
}
