import type { OutboxTopic } from '../../application/ports/stores/outbox.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Statements } from './statements.ts';

/** What a worker is told of an entry of the outbox: no more than where to find it. */
export interface OutboxJob {
  readonly topic: OutboxTopic;
  readonly tenantId: TenantId;
  readonly outboxId: string;
  /** It is not taken up before. */
  readonly dueAt: Date;
}

/**
 * Adds a job within the transaction of the statements that it is given, so that it is there exactly where its entry is; workers are
 * woken at the commit.
 *
 * @throws {Unavailable} where the database is out of reach
 */
export type EnqueueJob = (statements: Statements, job: OutboxJob) => Promise<void>;
