import { tableIn, withTable } from './facts.ts';
import type { Migration } from './migration.ts';

const TABLE = 'rn_requests';
const FOREIGN_KEY = 'rn_requests_user_uuid_fkey';

/** Checks the owners of the rows that were there before the foreign key. Reading and writing go on meanwhile. */
export const requestOwnerValidated: Migration = {
  up: (facts) =>
    tableIn(facts, TABLE)?.constraints[FOREIGN_KEY]?.validated
      ? []
      : [
          {
            sql: `ALTER TABLE ${TABLE} VALIDATE CONSTRAINT ${FOREIGN_KEY};`,
            lock: { mode: 'SHARE UPDATE EXCLUSIVE', table: TABLE },
            transactional: true,
          },
        ],
  down: () => [],
  after: (facts) => withTable(facts, TABLE, { constraints: { [FOREIGN_KEY]: { validated: true } } }),
};
