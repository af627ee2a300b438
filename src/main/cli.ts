#!/usr/bin/env node
import { sizeThreadPool } from './thread-pool.ts';

sizeThreadPool();
const { runCommandLine } = await import('./cli/program.ts');
process.exitCode = await runCommandLine(process.argv, process.env);
