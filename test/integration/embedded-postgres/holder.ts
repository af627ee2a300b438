import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Another process that holds the embedded server of a data folder. */
export interface Holder {
  readonly process: ChildProcess;
  readonly url: string;
  /** Lets it leave the server; resolves with its exit status. */
  readonly leave: () => Promise<number | null>;
  /** Ends it without any chance to leave. */
  readonly kill: () => Promise<void>;
}

/** How to run the process that holds the server. */
export interface HolderOptions {
  readonly script?: string;
  readonly node?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Spawns a process, in a process group of its own, that starts the server or joins it. */
export async function spawnHolder(dataDir: string, options: HolderOptions = {}): Promise<Holder> {
  const {
    script = join(import.meta.dirname, 'hold-server.ts'),
    node = process.execPath,
    ...account
  } = options;
  const child = spawn(node, [script, dataDir], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    detached: true,
    ...account,
  });
  const complaint: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
  const ended = once(child, 'exit');
  const url = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => String(line)),
    ended.then(() => Promise.reject(new Error(Buffer.concat(complaint).toString()))),
  ]);
  return {
    process: child,
    url,
    leave: async () => {
      child.stdin.write('leave\n');
      await ended;
      return child.exitCode;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
