import { concurrentIndexes } from './concurrent-indexes.ts';
import { MARK, type Facts } from './facts.ts';
import type { Migration, MigrationStep } from './migration.ts';
import { inTurn } from './steps.ts';

const SCHEMA = 'casegate_jobs';
/** What migration 0009 says of the schema. */
const BEFORE = `${MARK}jobs, kept by pg-boss in version 46 of its schema`;
/** What tells that the queues are there: it is written together with them. */
const AFTER = `${BEFORE}; recurring ones too`;

/**
 * A queue holds one job, which is put back after each run: attempts never run out. One that takes more than 15 minutes counts as lost.
 */
const OPTIONS = { policy: 'exclusive', retryLimit: 2_147_483_647, retryDelay: 1, expireInSeconds: 900 };
const QUEUES = ['case-timers', 'audit-seal', 'purge'];

const step = (statements: readonly string[], comment: string): MigrationStep => ({
  sql: [...statements, `COMMENT ON SCHEMA ${SCHEMA} IS '${comment}';`].join('\n'),
  lock: null,
  transactional: true,
});

const create = (queue: string): string =>
  `SELECT ${SCHEMA}.create_queue('${queue}', '${JSON.stringify(OPTIONS)}'::jsonb);`;
const remove = (queue: string): string => `SELECT ${SCHEMA}.delete_queue('${queue}');`;

const areMade = ({ schemas }: Facts): boolean => schemas[SCHEMA] === AFTER;

const queues: Migration = {
  up: (facts) => (areMade(facts) ? [] : [step(QUEUES.map(create), AFTER)]),
  down: (facts) => (areMade(facts) ? [step(QUEUES.map(remove), BEFORE)] : []),
  after: (facts) => ({ ...facts, schemas: { ...facts.schemas, [SCHEMA]: AFTER } }),
};

/** What is done again and again: a queue each, and indexes by which what expired is found. */
export const recurringJobs: Migration = inTurn(
  queues,
  concurrentIndexes('sessions', { sessions_live_expires_at_idx: '(expires_at) WHERE ended_at IS NULL' }),
  concurrentIndexes('failure_counters', { failure_counters_last_failed_at_idx: '(last_failed_at)' }),
  concurrentIndexes('case_receipts', { case_receipts_expires_at_idx: '(expires_at)' }),
);
