import type { OutboxJob } from '../../application/ports/stores/outbox.ts';
import type { Statements } from './statements.ts';

/**
 * Adds a job within the transaction of the statements that it is given, so that it is there exactly where its entry is; workers are
 * woken at the commit.
 *
 * @throws {Unavailable} where the database is out of reach
 */
export type EnqueueJob = (statements: Statements, job: OutboxJob) => Promise<void>;
