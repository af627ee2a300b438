import { concurrentIndexes } from './concurrent-indexes.ts';
import { recurringQueues } from './recurring-queues.ts';
import { inTurn } from './steps.ts';

/** What migration 0009 says of the schema. */
const BEFORE = 'jobs, kept by pg-boss in version 46 of its schema';
/** What tells that the queues are there. */
const AFTER = `${BEFORE}; recurring ones too`;

/** What is done again and again: a queue each, and indexes by which what expired is found. */
export const recurringJobs = inTurn(
  recurringQueues(['case-timers', 'audit-seal', 'purge'], BEFORE, AFTER),
  concurrentIndexes('sessions', { sessions_live_expires_at_idx: '(expires_at) WHERE ended_at IS NULL' }),
  concurrentIndexes('failure_counters', { failure_counters_last_failed_at_idx: '(last_failed_at)' }),
  concurrentIndexes('case_receipts', { case_receipts_expires_at_idx: '(expires_at)' }),
);
