#!/usr/bin/env node
import { sizeThreadPool } from './thread-pool.ts';

// Whoever reads the output may stop before its end: the command ends as it would, and what is left of its output is not written.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
sizeThreadPool();
const { runCommandLine } = await import('./cli/program.ts');
process.exitCode = await runCommandLine(process.argv, process.env);
