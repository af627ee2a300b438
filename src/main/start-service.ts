import { createHttpApp } from '../adapters/http/create-http-app.ts';
import { startHttpServer } from '../adapters/http/start-http-server.ts';
import type { Casegate } from './casegate.ts';
import type { Config } from './config/config.ts';
import { listening } from './listening.ts';
import type { Observation } from './observe.ts';
import type { OpenOptions } from './open-casegate.ts';
import { openObserved } from './open-observed.ts';
import { packageVersion } from './package-version.ts';
import { startMetrics } from './start-metrics.ts';

/** The service, listening. */
export interface Service {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Where metrics are; `null` where they are off. */
  readonly metricsUrl: string | null;
  /** Finishes what is under way and closes everything, the embedded database last. */
  readonly stop: () => Promise<void>;
}

/**
 * Opens the installation and serves it over HTTP.
 *
 * @param options adapters to be used instead of the installation's own, and what gives up the start
 * @throws the refusals of `isStartRefusal`, after closing what it had opened
 */
export async function startService(
  config: Config,
  observation: Observation,
  options: Pick<OpenOptions, 'replace' | 'givenUp'> = {},
): Promise<Service> {
  const casegate = await openObserved(config, observation, { ...options, as: 'service' });
  try {
    return await listen(config, observation, casegate);
  } catch (error) {
    await casegate.close();
    throw error;
  }
}

async function listen(config: Config, observation: Observation, casegate: Casegate): Promise<Service> {
  const { logger, metrics } = observation;
  const { anonymousCases } = casegate.settings;
  const app = createHttpApp({
    app: casegate.app,
    config: { ...config, anonymousCases, cursorKey: casegate.cursorKey, version: packageVersion() },
    logger,
    metrics,
    readiness: casegate.faults,
  });
  const options = { host: config.host, publicUrl: config.publicUrl, logger };
  const server = await listening('PORT', startHttpServer(app, { ...options, port: config.port }));
  const metricsServer = await startMetrics(config, observation).catch(async (error: unknown) => {
    await server.drain();
    throw error;
  });
  const metricsUrl = metricsServer?.url ?? null;
  logger.info({ url: server.url, metricsUrl, profile: config.profile }, 'listening');
  return {
    url: server.url,
    metricsUrl,
    stop: async () => {
      logger.info('draining');
      await Promise.all([server.drain(), metricsServer?.drain()]);
      await casegate.close();
    },
  };
}
