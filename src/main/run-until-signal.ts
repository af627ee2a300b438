import { type Config, readConfig } from './config/config.ts';
import { type Observation, observe } from './observe.ts';
import { isStartRefusal } from './start-refusal.ts';

/** Something that runs. */
interface Running {
  /** Finishes what is under way and closes everything. */
  readonly stop: () => Promise<void>;
}

/**
 * Runs a process that stays until a signal ends it: SIGTERM and SIGINT finish what is under way, close everything, and leave with 0. A
 * start that is refused prints what to do, and leaves with 1.
 *
 * @param start also told what gives up the start
 */
export async function runUntilSignal(
  env: Readonly<Record<string, string | undefined>>,
  start: (config: Config, observation: Observation, givenUp: Promise<unknown>) => Promise<Running>,
): Promise<void> {
  const stopping = new AbortController();
  const stop = stopSignal().then(() => stopping.abort());
  try {
    const config = readConfig(env);
    const observation = observe(config.logLevel);
    const running = await start(config, observation, stop);
    await stop;
    await running.stop();
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
