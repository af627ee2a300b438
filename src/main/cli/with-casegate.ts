import type { Application } from '../../application/application.ts';
import { readConfig } from '../config/config.ts';
import { openCasegate } from '../open-casegate.ts';
import type { Env } from './env.ts';

/** Opens the installation for one command and closes it again, whatever comes of the command. */
export async function withCasegate(env: Env, work: (app: Application) => Promise<void>): Promise<void> {
  const casegate = await openCasegate(readConfig(env));
  try {
    await work(casegate.app);
  } finally {
    await casegate.close();
  }
}
