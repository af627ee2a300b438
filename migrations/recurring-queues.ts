import { MARK, type Facts } from './facts.ts';
import type { Migration, MigrationStep } from './migration.ts';

const SCHEMA = 'casegate_jobs';

/**
 * A queue holds one job, which is put back after each run: attempts never run out. One that takes more than 15 minutes counts as lost.
 */
const OPTIONS = { policy: 'exclusive', retryLimit: 2_147_483_647, retryDelay: 1, expireInSeconds: 900 };

const step = (statements: readonly string[], comment: string): MigrationStep => ({
  sql: [...statements, `COMMENT ON SCHEMA ${SCHEMA} IS '${comment}';`].join('\n'),
  lock: null,
  transactional: true,
});

const create = (queue: string): string =>
  `SELECT ${SCHEMA}.create_queue('${queue}', '${JSON.stringify(OPTIONS)}'::jsonb);`;
const remove = (queue: string): string => `SELECT ${SCHEMA}.delete_queue('${queue}');`;

/**
 * Queues of recurring jobs. The schema's comment is written together with them, and so tells that they are there.
 *
 * @param before what is said of the schema by the migration before, without the mark
 * @param after what is said of it with these queues
 */
export function recurringQueues(queues: readonly string[], before: string, after: string): Migration {
  const areMade = ({ schemas }: Facts): boolean => schemas[SCHEMA] === `${MARK}${after}`;
  return {
    up: (facts) => (areMade(facts) ? [] : [step(queues.map(create), `${MARK}${after}`)]),
    down: (facts) => (areMade(facts) ? [step(queues.map(remove), `${MARK}${before}`)] : []),
    after: (facts) => ({ ...facts, schemas: { ...facts.schemas, [SCHEMA]: `${MARK}${after}` } }),
  };
}
