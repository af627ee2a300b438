import { errorCode } from '../../src/adapters/embedded-postgres/error-code.ts';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts';
import { makeScratch } from '../integration/embedded-postgres/scratch.ts';
import { eventually } from './eventually.ts';
import { withClient } from './legacy-service.ts';

/** A PostgreSQL server of a suite's own, for what must not be done to the one that all share. */
export interface RestartablePostgres {
  readonly url: string;
  /**
   * Ends the server under its clients and starts it again on the same port: by SIGINT, its fast shutdown, unless told; SIGKILL gives
   * it no chance to say anything.
   */
  readonly restart: (by?: 'SIGINT' | 'SIGKILL') => Promise<void>;
  /** Stops every process of the server as it is, sockets open: it accepts and answers nothing until `thaw`. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const processes = async (): Promise<readonly { pid: number; parent: number }[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => ({ pid, parent }));
};

/** The server's first process is the parent of whichever serves a connection. */
async function serverPid(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const found = (await processes()).find(({ pid }) => pid === rows[0]?.pid);
    if (!found || found.parent <= 1) throw new Error('The server is not a process of this machine.');
    return found.parent;
  });
}

const isAlive = async (wanted: number): Promise<boolean> =>
  (await processes()).some(({ pid }) => pid === wanted);

/** Starts a server of the suite's own: embedded, whatever the rest of the run uses. */
export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  const scratch = await makeScratch();
  const { dataDir } = scratch;
  const handles = [await startEmbeddedPostgres({ dataDir })];
  const { url } = handles[0]!;
  let server = await serverPid(url);
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    const family = (await processes()).filter(({ pid, parent }) => pid === server || parent === server);
    for (const { pid } of family) signalWhereAlive(pid, name);
  };
  return {
    url,
    restart: async (by = 'SIGINT') => {
      process.kill(server, by);
      await eventually(async () => !(await isAlive(server)));
      handles.push(await startEmbeddedPostgres({ dataDir }));
      server = await serverPid(url);
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: async () => {
      for (const handle of handles) await handle.stop();
      await scratch.remove();
    },
  };
}

/** A backend may have ended by itself since it was seen. */
function signalWhereAlive(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
