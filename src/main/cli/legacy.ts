import { Command } from 'commander';
import type { Env } from './env.ts';
import { legacyBackfillCommand } from './legacy-backfill.ts';
import { legacyLinkCommand } from './legacy-link.ts';
import { legacyReconcileCommand } from './legacy-reconcile.ts';
import type { Wait } from './wait.ts';

/** `legacy link|backfill|reconcile`: people and requests of the legacy service, many at a time. */
export function legacyCommand(env: Env, wait: Wait): Command {
  const legacy = new Command('legacy').description('people and requests of the legacy service');
  legacy.addCommand(legacyLinkCommand(env));
  legacy.addCommand(legacyBackfillCommand(env, wait));
  legacy.addCommand(legacyReconcileCommand(env, wait));
  return legacy;
}
