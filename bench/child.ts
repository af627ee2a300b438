import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A process under measurement. */
export interface Child {
  /** The first line of its output that `find` took something from. */
  readonly found: string;
  /** Seconds of processor time that it has used, on Linux; otherwise `NaN`. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
}

/** Clock ticks a second, as the kernel counts processor time for user space. */
const TICKS = 100;

function cpuSeconds({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Starts a script of this repository and waits for the line that tells it is ready. */
export async function startChild(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  find: (line: string) => string | undefined,
): Promise<Child> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const found = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const value = find(line);
      if (value !== undefined) resolve(value);
    });
    child.once('exit', (code) => reject(new Error(`${script} left with ${String(code)}`)));
  });
  return {
    found,
    cpuSeconds: () => cpuSeconds(child),
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
