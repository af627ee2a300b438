import { Command } from 'commander';
import { work } from '../work.ts';
import type { Env } from './env.ts';

/** `worker`: what the queue holds, without HTTP, until a signal ends it. */
export const workerCommand = (env: Env): Command =>
  new Command('worker')
    .description('send mail and run timers without serving HTTP (serve does so as well)')
    .action(() => work(env));
