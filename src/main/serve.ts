import type { Logger } from 'pino';
import { createHttpApp } from '../adapters/http/create-http-app.ts';
import { createMetricsApp } from '../adapters/http/create-metrics-app.ts';
import { type HttpServer, startHttpServer } from '../adapters/http/start-http-server.ts';
import { banner } from './banner.ts';
import type { Casegate } from './casegate.ts';
import { type Config, readConfig } from './config/config.ts';
import { type Observation, observe } from './observe.ts';
import { openCasegate } from './open-casegate.ts';
import { isStartRefusal } from './start-refusal.ts';

/** Milliseconds between "not ready" and the end of listening, for balancers that ask. */
const DRAIN_NOTICE_MS = 300;

/**
 * Runs the service until a signal ends it: SIGTERM and SIGINT finish what is under way, close everything, the embedded database
 * last, and leave with 0. A start that is refused prints what to do, and leaves with 1.
 */
export async function serve(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const stop = stopSignal();
  try {
    const config = readConfig(env);
    const observation = observe(config.logLevel);
    const running = await start(config, observation);
    await stop;
    await running.stop();
    observation.logger.info('stopped');
    process.exit(0);
  } catch (error) {
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

interface Running {
  readonly stop: () => Promise<void>;
}

async function start(config: Config, observation: Observation): Promise<Running> {
  const { logger } = observation;
  for (const name of config.ignored) logger.warn({ setting: name }, 'setting has no effect in this release');
  const casegate = await openCasegate(config, { onEvent: (event) => logger.info({ event }, 'database') });
  try {
    return await startServers(config, observation, casegate);
  } catch (error) {
    await casegate.close();
    throw error;
  }
}
