import { banner } from './banner.ts';
import { readConfig } from './config/config.ts';
import { observe } from './observe.ts';
import type { OpenOptions } from './open-casegate.ts';
import { isStartRefusal } from './start-refusal.ts';
import { startService } from './start-service.ts';

/**
 * Runs the service until a signal ends it: SIGTERM and SIGINT finish what is under way, close everything, the embedded database
 * last, and leave with 0. A start that is refused prints what to do, and leaves with 1.
 *
 * @param options adapters to be used instead of the installation's own
 */
export async function serve(
  env: Readonly<Record<string, string | undefined>>,
  options: Pick<OpenOptions, 'replace'> = {},
): Promise<void> {
  const stopping = new AbortController();
  const stop = stopSignal().then(() => stopping.abort());
  try {
    const config = readConfig(env);
    const observation = observe(config.logLevel);
    const service = await startService(config, observation, { ...options, givenUp: stop });
    if (config.profile === 'demo') {
      process.stdout.write(banner(service.url, config.settings));
    }
    await stop;
    await service.stop();
    observation.logger.info('stopped');
    process.exit(0);
  } catch (error) {
    if (stopping.signal.aborted) process.exit(0);
    if (!isStartRefusal(error)) throw error;
    process.stderr.write(`Casegate does not start.\n${error.message}\n`);
    process.exit(1);
  }
}

/** Resolves at the first signal; further ones (npm and make pass theirs on as well) change nothing. */
const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
