import type { Application } from '../../application/application.ts';
import type { Settings } from '../../application/ports/system/settings.ts';
import { readConfig } from '../config/config.ts';
import { openCasegate } from '../open-casegate.ts';
import type { Env } from './env.ts';

/** Opens the installation for one command and closes it again, whatever comes of the command. */
export async function withCasegate(
  env: Env,
  work: (app: Application, settings: Settings) => Promise<void>,
): Promise<void> {
  const casegate = await openCasegate(readConfig(env));
  try {
    await work(casegate.app, casegate.settings);
  } finally {
    await casegate.close();
  }
}
