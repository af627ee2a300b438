import { tableIn, withTable, type Facts, type TableFacts } from './facts.ts';
import { MigrationRefused, type Migration, type MigrationStep, type StepLock } from './migration.ts';

const TABLE = 'rn_requests';
const COLUMN = 'user_uuid';
const FOREIGN_KEY = 'rn_requests_user_uuid_fkey';
const INDEX = 'rn_requests_user_uuid_idx';

const alter = (sql: string, mode: StepLock['mode'], note?: string): MigrationStep => ({
  sql,
  lock: { mode, table: TABLE },
  transactional: true,
  ...(note === undefined ? {} : { note }),
});

const concurrently = (sql: string): MigrationStep => ({
  sql,
  lock: { mode: 'SHARE UPDATE EXCLUSIVE', table: TABLE },
  transactional: false,
});

const ADD_COLUMN = alter(
  `ALTER TABLE ${TABLE} ADD COLUMN ${COLUMN} uuid;`,
  'ACCESS EXCLUSIVE',
  `A legacy client that runs "SELECT * FROM ${TABLE}" as a named prepared statement sees it fail once on each connection that it had ` +
    'open ("cached plan must not change result type"); no other statement is affected.',
);
const ADD_FOREIGN_KEY = alter(
  `ALTER TABLE ${TABLE} ADD CONSTRAINT ${FOREIGN_KEY} FOREIGN KEY (${COLUMN}) REFERENCES users (uuid) NOT VALID;`,
  'SHARE ROW EXCLUSIVE',
);
const DROP_INDEX = concurrently(`DROP INDEX CONCURRENTLY IF EXISTS ${INDEX};`);
const CREATE_INDEX = concurrently(`CREATE INDEX CONCURRENTLY ${INDEX} ON ${TABLE} (${COLUMN});`);

/** An index whose building was cut short is of no use, and has to go before it can be built again. */
function indexSteps(table: TableFacts | null): readonly MigrationStep[] {
  const index = table?.indexes[INDEX];
  if (!index) return [CREATE_INDEX];
  return index.valid ? [] : [DROP_INDEX, CREATE_INDEX];
}

function up(facts: Facts): readonly MigrationStep[] {
  const table = tableIn(facts, TABLE);
  const found = table?.columns[COLUMN];
  if (found !== undefined && found !== 'uuid') {
    throw new MigrationRefused(
      `"${TABLE}" has a column "${COLUMN}" of type ${found} that is not Casegate's. Nothing was changed. Rename that column first.`,
    );
  }
  return [
    ...(found === undefined ? [ADD_COLUMN] : []),
    ...(table?.constraints[FOREIGN_KEY] ? [] : [ADD_FOREIGN_KEY]),
    ...indexSteps(table),
  ];
}

function down(facts: Facts): readonly MigrationStep[] {
  const table = tableIn(facts, TABLE);
  if (!table) return [];
  return [
    ...(table.indexes[INDEX] ? [concurrently(`DROP INDEX CONCURRENTLY IF EXISTS ${INDEX};`)] : []),
    ...(table.constraints[FOREIGN_KEY]
      ? [alter(`ALTER TABLE ${TABLE} DROP CONSTRAINT ${FOREIGN_KEY};`, 'ACCESS EXCLUSIVE')]
      : []),
    ...(table.columns[COLUMN] === undefined
      ? []
      : [
          alter(
            `ALTER TABLE ${TABLE} DROP COLUMN ${COLUMN};`,
            'ACCESS EXCLUSIVE',
            'Which account owns which request is forgotten; the rows themselves stay, those of cases submitted meanwhile too.',
          ),
        ]),
  ];
}

/**
 * The one thing that Casegate adds to the legacy service's table: which account owns a request. Nullable, without a default, its
 * foreign key not yet checked against the rows there, its index built beside the writers.
 */
export const requestOwner: Migration = {
  up,
  down,
  after: (facts) =>
    withTable(facts, TABLE, {
      columns: { [COLUMN]: 'uuid' },
      constraints: { [FOREIGN_KEY]: { validated: false } },
      indexes: { [INDEX]: { valid: true } },
    }),
};
