import type { Casegate } from './casegate.ts';
import type { Config } from './config/config.ts';
import type { Observation } from './observe.ts';
import { openCasegate, type OpenOptions } from './open-casegate.ts';

/**
 * Opens the installation for a process that stays, which logs what happens.
 *
 * @throws the refusals of `isStartRefusal`, after closing what it had opened
 */
export function openObserved(
  config: Config,
  { logger }: Observation,
  options: Omit<OpenOptions, 'onEvent'>,
): Promise<Casegate> {
  for (const name of config.ignored) logger.warn({ setting: name }, 'setting has no effect in this release');
  return openCasegate(config, {
    ...options,
    onEvent: (event, part = 'database', level = 'info') => logger[level]({ event }, part),
  });
}
