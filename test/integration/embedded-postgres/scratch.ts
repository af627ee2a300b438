import { access, chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { eventually } from '../../support/eventually.ts';

const systemFolder = '/var/lib/casegate';

/** A folder for tests, with nothing of it left afterwards: neither files nor servers. */
export interface Scratch {
  readonly folder: string;
  /** A data folder in it, which does not exist yet. */
  readonly dataDir: string;
  /** Ends a server that a test left running. */
  readonly endServer: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes the folder with rights `mode`; the default lets PostgreSQL's account through to the data folder under root. */
export async function makeScratch(mode = 0o711): Promise<Scratch> {
  const folder = temporaryFolder('casegate-test-');
  await chmod(folder, mode);
  const dataDir = join(folder, 'data');
  return {
    folder,
    dataDir,
    endServer: () => endServer(dataDir),
    remove: async () => {
      await endServer(dataDir);
      const cluster = await clusterOf(dataDir);
      if (cluster.startsWith(systemFolder)) await rm(join(cluster, '..'), { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function endServer(dataDir: string): Promise<void> {
  const pid = await postmasterPid(dataDir);
  if (pid === null || !isRunning(pid) || (await commandOf(pid)) !== 'postgres') return;
  process.kill(pid, 'SIGQUIT');
  await eventually(() => !isRunning(pid));
}

/** Where the cluster of a data folder lies. */
export async function clusterOf(dataDir: string): Promise<string> {
  const id = await readFile(join(dataDir, 'postgres-location'), 'utf8').catch(() => null);
  return id === null ? join(dataDir, 'postgres') : join(systemFolder, id.trim(), 'postgres');
}

/** The process id in `postmaster.pid`; null when there is no such file. */
export async function postmasterPid(dataDir: string): Promise<number | null> {
  const text = await readFile(join(await clusterOf(dataDir), 'postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number.parseInt(text, 10);
}

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether a file or folder exists. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Runs one statement over a connection of its own; the rows. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function commandOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${String(pid)}/comm`, 'utf8').catch(() => 'postgres')).trim();
}
