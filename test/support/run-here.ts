import { runCommandLine } from '../../src/main/cli/program.ts';
import type { Wait } from '../../src/main/cli/wait.ts';
import type { ProcessEnv } from './service-process.ts';

/** How a command ended, and all that it wrote. */
export interface EndingHere {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, to whose output nothing else writes meanwhile. */
export async function runHere(
  command: readonly string[],
  env: ProcessEnv = {},
  wait?: Wait,
): Promise<EndingHere> {
  const written = { stdout: '', stderr: '' };
  const endings = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const write = stream.write.bind(stream);
    stream.write = (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    const code = await runCommandLine(['node', 'casegate', ...command], env, wait);
    return { code, ...written };
  } finally {
    for (const end of endings) end();
  }
}
