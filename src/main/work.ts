import type { OpenOptions } from './open-casegate.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { startWorker } from './start-worker.ts';

/**
 * Runs a worker until a signal ends it: SIGTERM and SIGINT finish the jobs at hand, close everything, and leave with 0. A start that is
 * refused prints what to do, and leaves with 1.
 *
 * @param options adapters to be used instead of the installation's own
 */
export const work = (
  env: Readonly<Record<string, string | undefined>>,
  options: Pick<OpenOptions, 'replace'> = {},
): Promise<void> =>
  runUntilSignal(env, (config, observation, givenUp) =>
    startWorker(config, observation, { ...options, givenUp }),
  );
