import { errorCode } from '../adapters/embedded-postgres/error-code.ts';
import { createHttpApp } from '../adapters/http/create-http-app.ts';
import { createMetricsApp } from '../adapters/http/create-metrics-app.ts';
import { type HttpServer, startHttpServer } from '../adapters/http/start-http-server.ts';
import type { Casegate } from './casegate.ts';
import type { Config } from './config/config.ts';
import type { Observation } from './observe.ts';
import { openCasegate, type OpenOptions } from './open-casegate.ts';
import { packageVersion } from './package-version.ts';
import { StartRefused } from './start-refusal.ts';

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
  const { logger } = observation;
  for (const name of config.ignored) logger.warn({ setting: name }, 'setting has no effect in this release');
  const casegate = await openCasegate(config, {
    ...options,
    asService: true,
    onEvent: (event, part = 'database') => logger.info({ event }, part),
  });
  try {
    return await listen(config, observation, casegate);
  } catch (error) {
    await casegate.close();
    throw error;
  }
}

async function listen(
  config: Config,
  { logger, metrics }: Observation,
  casegate: Casegate,
): Promise<Service> {
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
  const metricsServer = await listening('METRICS_PORT', startMetrics(config, metrics, options)).catch(
    async (error: unknown) => {
      await server.drain();
      throw error;
    },
  );
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

/** Tells the operator which setting to change where an address cannot be listened on. */
async function listening<Started>(setting: string, starting: Promise<Started>): Promise<Started> {
  try {
    return await starting;
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    throw new StartRefused(
      `${setting}: the address cannot be listened on (${code}). Set HOST and ${setting} to a free one.`,
    );
  }
}

const startMetrics = async (
  { metricsPort }: Config,
  metrics: Observation['metrics'],
  options: Omit<Parameters<typeof startHttpServer>[1], 'port'>,
): Promise<HttpServer | null> =>
  metricsPort === null ? null : startHttpServer(createMetricsApp(metrics), { ...options, port: metricsPort });
