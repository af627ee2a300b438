import { Command } from 'commander';
import type { Env } from './env.ts';
import { legacyBackfillCommand } from './legacy-backfill.ts';
import { legacyLinkCommand } from './legacy-link.ts';
import { legacyReconcileCommand } from './legacy-reconcile.ts';

/** `legacy link|backfill|reconcile`: people and requests of the legacy service, many at a time. */
export function legacyCommand(env: Env): Command {
  const legacy = new Command('legacy').description('people and requests of the legacy service');
  legacy.addCommand(legacyLinkCommand(env));
  legacy.addCommand(legacyBackfillCommand(env));
  legacy.addCommand(legacyReconcileCommand(env));
  return legacy;
}
