import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
import { errorCode } from './error-code.ts';
import { readPostmaster } from './postmaster.ts';
import { tailOf } from './tail-of.ts';

const execute = promisify(execFile);
const fastShutdownWithin = 20_000;
const immediateShutdownWithin = 5_000;

/**
 * Stops the server of a cluster in good order (fast shutdown) and waits until it is gone; after 20 s it is stopped at
 * once, which loses nothing that was committed. Does nothing when it is not running.
 * @throws {EmbeddedPostgresFailed} when it does not stop.
 */
export async function stopServer(cluster: Cluster): Promise<void> {
  const postmaster = await readPostmaster(cluster.dataFolder);
  if (postmaster.kind !== 'running') return;
  await signal(cluster, postmaster.pid, 'INT');
  if (await isGone(cluster, postmaster.pid, fastShutdownWithin)) return;
  await signal(cluster, postmaster.pid, 'QUIT');
  if (await isGone(cluster, postmaster.pid, immediateShutdownWithin)) return;
  throw new EmbeddedPostgresFailed(
    `PostgreSQL (process ${String(postmaster.pid)}) does not stop. End that process by hand.\n` +
      `${cluster.logFile} ends with:\n${await tailOf(cluster.logFile)}`,
  );
}

/** Waits until a server has gone by itself; false when it is still there after `timeoutMs` milliseconds. */
export async function isGone(cluster: Cluster, pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = await readPostmaster(cluster.dataFolder);
    if (now.kind !== 'running' || now.pid !== pid) return true;
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
}

async function signal({ binaries }: Cluster, pid: number, name: 'INT' | 'QUIT'): Promise<void> {
  // Node ends a process on Windows whatever the signal; PostgreSQL brings its own way there.
  if (process.platform === 'win32') {
    await execute(binaries.pgCtl, ['kill', name, String(pid)], { windowsHide: true });
    return;
  }
  try {
    process.kill(pid, `SIG${name}`);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
