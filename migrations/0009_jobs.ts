import { getConstructionPlans } from 'pg-boss';
import { MARK, type Facts } from './facts.ts';
import { MigrationRefused, type Migration, type MigrationStep } from './migration.ts';

const SCHEMA = 'casegate_jobs';
/** The version of pg-boss's schema that this migration makes. A later one is made by a later migration. */
const VERSION = 46;
const COMMENT = `${MARK}jobs, kept by pg-boss in version ${String(VERSION)} of its schema`;

/** Twenty attempts over about three hours, from 2 s to 15 min apart, each of them a minute at most. */
const ATTEMPTS = {
  policy: 'standard',
  retryLimit: 19,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 900,
  expireInSeconds: 60,
  deleteAfterSeconds: 86_400,
  deadLetter: 'dead',
};

/** Every queue with its options, those first that others name. Jobs that were given up wait in `dead` for 90 days. */
const QUEUES = {
  dead: { policy: 'standard', retentionSeconds: 7_776_000 },
  mail: ATTEMPTS,
  'mfa-reset': ATTEMPTS,
};

/** What pg-boss would run itself, without BEGIN and COMMIT: a step is a transaction already. */
function pgBossSchema(): string {
  const plans = getConstructionPlans(SCHEMA);
  const body = /^\s*BEGIN;(?<body>.*)COMMIT;\s*$/s.exec(plans)?.groups?.['body'];
  if (body?.includes(`INSERT INTO ${SCHEMA}.version(version) VALUES ('${String(VERSION)}');`) !== true) {
    throw new MigrationRefused(
      `The installed pg-boss does not make version ${String(VERSION)} of its schema. Nothing was changed. ` +
        'Install the very version of pg-boss that this release of Casegate names.',
    );
  }
  return body.trim();
}

const createQueues = (): readonly string[] =>
  Object.entries(QUEUES).map(
    ([name, options]) => `SELECT ${SCHEMA}.create_queue('${name}', '${JSON.stringify(options)}'::jsonb);`,
  );

const step = (sql: string, note?: string): MigrationStep => ({
  sql,
  lock: null,
  transactional: true,
  ...(note === undefined ? {} : { note }),
});

/** Whether the schema is there. It is made in one transaction, so all of it is or nothing. */
function isMade({ schemas }: Facts): boolean {
  if (!Object.hasOwn(schemas, SCHEMA)) return false;
  if (schemas[SCHEMA]?.startsWith(MARK) === true) return true;
  throw new MigrationRefused(
    `There is a schema "${SCHEMA}" that is not Casegate's, and Casegate needs that name. Nothing was changed. ` +
      'Rename that schema, or give Casegate a database where the name is free.',
  );
}

function up(facts: Facts): readonly MigrationStep[] {
  if (isMade(facts)) return [];
  if (!facts.mayMakeSchemas) {
    throw new MigrationRefused(
      `The role that migrates may not make the schema "${SCHEMA}". Nothing was changed. ` +
        'Grant it CREATE on the database (GRANT CREATE ON DATABASE … TO …), and run it again.',
    );
  }
  const comment = `COMMENT ON SCHEMA ${SCHEMA} IS '${COMMENT}';`;
  return [step([pgBossSchema(), ...createQueues(), comment].join('\n'))];
}

/** The schema in which pg-boss keeps jobs, with a queue for each topic of the outbox and one for jobs that were given up. */
export const jobs: Migration = {
  up,
  down: (facts) =>
    isMade(facts)
      ? [step(`DROP SCHEMA ${SCHEMA} CASCADE;`, 'Jobs that wait are lost, and with them mails not yet sent.')]
      : [],
  after: (facts) => ({ ...facts, schemas: { ...facts.schemas, [SCHEMA]: COMMENT } }),
};
