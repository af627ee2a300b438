import { Command } from 'commander';
import { serve } from '../serve.ts';
import type { Env } from './env.ts';

/** `serve`: the HTTP service, until a signal ends it. */
export const serveCommand = (env: Env): Command =>
  new Command('serve').description('serve the HTTP API (the same as npm start)').action(() => serve(env));
