import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Whether a process that this one may signal has the id; one of another account counts as absent, as in PostgreSQL. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** When the process was started, in a form that only serves comparison; empty where the platform does not tell. */
export async function birthOf(pid: number): Promise<string> {
  return (await linuxStat(pid))?.birth ?? '';
}

/**
 * Whether a living process is the postmaster of the cluster in `dataFolder`, and not one that was given the id of a
 * dead postmaster. Where the platform does not tell, a living process is believed to be it.
 */
export async function isPostmaster(pid: number, dataFolder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') return isLinuxPostmaster(pid, dataFolder);
  const [command, args] =
    process.platform === 'win32'
      ? ['tasklist', ['/FI', `PID eq ${String(pid)}`, '/NH']]
      : ['ps', ['-p', String(pid), '-o', 'comm=']];
  try {
    return (await execute(command, args, { timeout: 5_000, windowsHide: true })).stdout.includes('postgres');
  } catch {
    return isAlive(pid);
  }
}

async function isLinuxPostmaster(pid: number, dataFolder: string): Promise<boolean> {
  const found = await linuxStat(pid);
  // A killed postmaster stays a zombie where nobody reaps it, as below the first process of many containers.
  if (found?.command !== 'postgres' || ['Z', 'X'].includes(found.state)) return false;
  try {
    const [at, cluster] = await Promise.all([stat(`/proc/${String(pid)}/cwd`), stat(dataFolder)]);
    return at.ino === cluster.ino && at.dev === cluster.dev;
  } catch {
    return isAlive(pid);
  }
}

async function linuxStat(pid: number): Promise<{ command: string; state: string; birth: string } | null> {
  if (process.platform !== 'linux') return null;
  try {
    const line = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
    // The command is in brackets and may itself hold brackets and blanks.
    const end = line.lastIndexOf(')');
    const fields = line.slice(end + 2).split(' ');
    return {
      command: line.slice(line.indexOf('(') + 1, end),
      state: fields[0] ?? '',
      birth: fields[19] ?? '',
    };
  } catch {
    return null;
  }
}
