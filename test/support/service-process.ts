import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from './temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 25_000;
/** Of the tests' own environment, what a process may see: nothing that configures the service. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/** Settings of a process; nothing else that configures Casegate reaches it. */
export type ProcessEnv = Readonly<Record<string, string>>;

/** How a process ended, and all that it wrote. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of the log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A process of the package's own program, in a process group of its own. */
export interface CasegateProcess {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** What it logged so far, without the banner. */
  readonly log: () => readonly LogLine[];
  /** Resolves when it is gone; never rejects. */
  readonly ended: Promise<Ending>;
  /** Whether it still runs. */
  readonly isRunning: () => boolean;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Closes the pipes that it writes to, as a reader does that has read enough. */
  readonly stopReading: () => void;
  /** As the terminal does at Ctrl-C: every process of the group gets it. */
  readonly signalGroup: (name: NodeJS.Signals) => void;
  /** Resolves when the log has a line for which `isIt` holds; rejects when the process ends before, or after 20 s. */
  readonly logged: (isIt: (line: LogLine) => boolean) => Promise<LogLine>;
}

/** A service that listens. */
export interface ServiceProcess extends CasegateProcess {
  /** Without a slash at the end. */
  readonly url: string;
  /** SIGTERM, and how it ended. */
  readonly stop: () => Promise<Ending>;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<Ending>;
}

/** Two random keys, as an operator sets them: for processes that share a database. */
export const newKeys = (): { readonly MASTER_KEY: string; readonly AUDIT_KEY: string } => ({
  MASTER_KEY: randomBytes(32).toString('base64'),
  AUDIT_KEY: randomBytes(32).toString('base64'),
});

/** Passwords cost nothing and nobody is limited: for tests that are about something else. */
export const CHEAP: ProcessEnv = {
  ARGON2_MEMORY_KIB: '64',
  ARGON2_PASSES: '1',
  RATE_LIMITS: JSON.stringify({
    credentials: { limit: 100_000, windowSeconds: 60 },
    anonymous: { limit: 100_000, windowSeconds: 60 },
    authenticated: { limit: 100_000, windowSeconds: 60 },
  }),
};

const running = new Set<ChildProcess>();
let compileCache: string | null = null;
// A run that is broken off leaves nothing behind.
process.on('exit', () => {
  running.forEach((child) => child.kill('SIGKILL'));
  if (compileCache !== null) rmSync(compileCache, { recursive: true, force: true });
});

/**
 * What every process gets. Compiling is half of a start, so it is done once a run. Coverage is not taken there: it would double the time
 * of hundreds of starts, and the tests within this process cover as much.
 */
function commonEnv(): ProcessEnv {
  const kept = PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  compileCache ??= temporaryFolder('casegate-compiled-');
  return Object.fromEntries([...kept, ['NODE_COMPILE_CACHE', compileCache]]) as ProcessEnv;
}

/** Spawns `src/main/<entry>` with `args`; what `input` says goes to its standard input, which then ends. */
export function spawnCasegate(
  entry: 'http.ts' | 'cli.ts' | 'worker.ts',
  args: readonly string[],
  env: ProcessEnv,
  input = '',
): CasegateProcess {
  const child = spawn(process.execPath, [join(ROOT, 'src', 'main', entry), ...args], {
    cwd: ROOT,
    env: { ...commonEnv(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => (written[stream] += chunk));
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return watched(child, written);
}

function watched(child: ChildProcess, written: { stdout: string; stderr: string }): CasegateProcess {
  const ended = once(child, 'close').then((): Ending => {
    running.delete(child);
    return { code: child.exitCode, signal: child.signalCode, ...written };
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const log = (): readonly LogLine[] => logLinesOf(written.stdout);
  return {
    pid: child.pid!,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    log,
    ended,
    isRunning,
    signal: (name) => child.kill(name),
    stopReading: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    signalGroup: (name) => process.kill(-child.pid!, name),
    logged: async (isIt) => {
      const deadline = performance.now() + START_LIMIT_MS;
      for (;;) {
        const over = !isRunning();
        const line = log().find(isIt);
        if (line) return line;
        if (over || performance.now() > deadline) {
          throw new Error(`It did not log what was waited for.\n${written.stdout}${written.stderr}`);
        }
        await delay(10);
      }
    },
  };
}

/** The complete lines of a log that are JSON. */
const logLinesOf = (stdout: string): readonly LogLine[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);

/**
 * Starts the service on a free port and waits until it listens.
 *
 * @throws {Error} with what it wrote, where it ends instead or takes more than 20 s
 */
export async function startServiceProcess(
  env: ProcessEnv,
  entry: 'http.ts' | 'cli.ts' = 'http.ts',
): Promise<ServiceProcess> {
  const started = spawnCasegate(entry, entry === 'cli.ts' ? ['serve'] : [], { PORT: '0', ...env });
  const listening = await started
    .logged(({ msg }) => msg === 'listening')
    .catch((error: unknown) => {
      started.signal('SIGKILL');
      throw error;
    });
  const endBy = async (signal: NodeJS.Signals): Promise<Ending> => {
    started.signal(signal);
    const overdue = setTimeout(() => started.signal('SIGKILL'), STOP_LIMIT_MS);
    const ending = await started.ended;
    clearTimeout(overdue);
    return ending;
  };
  return {
    ...started,
    url: String(listening['url']),
    stop: () => endBy('SIGTERM'),
    kill: () => endBy('SIGKILL'),
  };
}

/** Runs one command of the command line to its end. */
export const runCommand = (args: readonly string[], env: ProcessEnv = {}, input = ''): Promise<Ending> =>
  spawnCasegate('cli.ts', args, env, input).ended;

/** Ends whatever of this run still runs, without asking: for after a suite, where a test may have failed half-way. */
export async function endCasegateProcesses(): Promise<void> {
  const gone = [...running].map((child) => once(child, 'close'));
  running.forEach((child) => child.kill('SIGKILL'));
  await Promise.all(gone);
}
