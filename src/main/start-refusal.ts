import { EmbeddedPostgresFailed } from '../adapters/embedded-postgres/embedded-postgres-failed.ts';
import { JobQueueUnfit } from '../adapters/jobs/pg-boss-jobs.ts';
import { MigrationTurnNotCome } from '../adapters/postgres/migration-connection.ts';
import { MigrationFailed, MigrationsUnreadable } from '../adapters/postgres/migration-failed.ts';
import { MigrationStuck } from '../adapters/postgres/run-steps.ts';
import { MigrationRefused } from '../../migrations/migration.ts';
import { ConfigRefused } from './config/config-refused.ts';

/** The service does not start on this database, with these keys, or in this place; the message says what to do. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartRefused';
  }
}

const REFUSALS = [
  StartRefused,
  ConfigRefused,
  EmbeddedPostgresFailed,
  MigrationRefused,
  MigrationStuck,
  MigrationFailed,
  MigrationsUnreadable,
  MigrationTurnNotCome,
  JobQueueUnfit,
] as const;

/** Whether an error is a refusal to start that is meant for the operator's eyes, without a stack. */
export const isStartRefusal = (error: unknown): error is Error =>
  REFUSALS.some((refusal) => error instanceof refusal);
