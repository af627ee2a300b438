import { banner } from './banner.ts';
import type { OpenOptions } from './open-casegate.ts';
import { runUntilSignal } from './run-until-signal.ts';
import { startService } from './start-service.ts';

/**
 * Runs the service until a signal ends it: SIGTERM and SIGINT finish what is under way, close everything, the embedded database
 * last, and leave with 0. A start that is refused prints what to do, and leaves with 1.
 *
 * @param options adapters to be used instead of the installation's own
 */
export const serve = (
  env: Readonly<Record<string, string | undefined>>,
  options: Pick<OpenOptions, 'replace'> = {},
): Promise<void> =>
  runUntilSignal(env, async (config, observation, givenUp) => {
    const service = await startService(config, observation, { ...options, givenUp });
    if (config.profile === 'demo') {
      process.stdout.write(banner(service.url, config.settings));
    }
    return service;
  });
