import type { Config } from './config/config.ts';
import type { Observation } from './observe.ts';
import type { OpenOptions } from './open-casegate.ts';
import { openObserved } from './open-observed.ts';
import { startMetrics } from './start-metrics.ts';

/** The worker, at work. */
export interface Worker {
  /** Finishes what is at hand and closes everything, the embedded database last. */
  readonly stop: () => Promise<void>;
}

/**
 * Opens the installation and does what its queue holds, without serving it over HTTP.
 *
 * @param options adapters to be used instead of the installation's own, and what gives up the start
 * @throws the refusals of `isStartRefusal`, after closing what it had opened
 */
export async function startWorker(
  config: Config,
  observation: Observation,
  options: Pick<OpenOptions, 'replace' | 'givenUp'> = {},
): Promise<Worker> {
  const { logger } = observation;
  const casegate = await openObserved(config, observation, { ...options, as: 'worker' });
  try {
    const metricsServer = await startMetrics(config, observation);
    logger.info({ metricsUrl: metricsServer?.url ?? null, profile: config.profile }, 'working');
    return {
      stop: async () => {
        logger.info('finishing');
        await metricsServer?.drain();
        await casegate.close();
      },
    };
  } catch (error) {
    await casegate.close();
    throw error;
  }
}
