import { isOurs, MARK, tableIn, withTable, type Facts } from './facts.ts';
import { MigrationRefused, type Migration } from './migration.ts';

interface LegacyTable {
  readonly create: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** The legacy service's tables in the shape that it gives them itself. */
const LEGACY_TABLES: Readonly<Record<string, LegacyTable>> = {
  rn_requests: {
    create: `CREATE TABLE rn_requests (
  uuid            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id         text,
  user_identifier text,
  user_crypt      text,
  vendor_id       text,
  language        text,
  question        text,
  status          text DEFAULT 'new',
  created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX rn_requests_user_identifier_idx ON rn_requests (user_identifier);`,
    columns: {
      uuid: 'uuid',
      user_id: 'text',
      user_identifier: 'text',
      user_crypt: 'text',
      vendor_id: 'text',
      language: 'text',
      question: 'text',
      status: 'text',
      created_at: 'timestamp with time zone',
    },
  },
  nest_sessions: {
    create: `CREATE TABLE nest_sessions (
  sid    varchar NOT NULL PRIMARY KEY,
  sess   json NOT NULL,
  expire timestamp(6) NOT NULL
);
CREATE INDEX "IDX_session_expire" ON nest_sessions (expire);`,
    columns: { sid: 'character varying', sess: 'json', expire: 'timestamp(6) without time zone' },
  },
  check_user_log: {
    create: `CREATE TABLE check_user_log (
  id              bigserial PRIMARY KEY,
  user_identifier text,
  vendor_id       text,
  is_valid        boolean,
  status_code     integer,
  response        text,
  created_at      timestamptz NOT NULL DEFAULT now()
);`,
    columns: {
      id: 'bigint',
      user_identifier: 'text',
      vendor_id: 'text',
      is_valid: 'boolean',
      status_code: 'integer',
      response: 'text',
      created_at: 'timestamp with time zone',
    },
  },
};

const COMMENT = `${MARK}made where the legacy service had none, in the shape that it uses`;

/** Casegate keys everything by the request's uuid, and adds a column: both need an ordinary table of that shape. */
function checkRequests(facts: Facts): void {
  const requests = tableIn(facts, 'rn_requests');
  if (!requests) return;
  if (requests.kind !== 'r') {
    throw new MigrationRefused(
      '"rn_requests" is not an ordinary table. Casegate cannot add its column to it; nothing was changed.',
    );
  }
  if (requests.columns['uuid'] !== 'uuid') {
    throw new MigrationRefused(
      `"rn_requests" has no column "uuid" of type uuid (found: ${requests.columns['uuid'] ?? 'none'}), by which Casegate knows a case. Nothing was changed.`,
    );
  }
}

/** Drops a table that Casegate made, unless the legacy service (or Casegate) has put rows into it meanwhile. */
const dropWhenEmpty = (name: string): string => `DO $$
BEGIN
  LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM ${name}) THEN
    DROP TABLE ${name};
  END IF;
END
$$;`;

/**
 * The legacy service's tables, made where they are absent and otherwise left as they are. On the way down one that Casegate made is
 * dropped only while it holds no row; one that was there before is not touched.
 */
export const legacyTables: Migration = {
  up: (facts) => {
    checkRequests(facts);
    return Object.entries(LEGACY_TABLES)
      .filter(([name]) => tableIn(facts, name) === null)
      .map(([name, { create }]) => ({
        sql: `${create}\nCOMMENT ON TABLE ${name} IS '${COMMENT}';`,
        lock: null,
        transactional: true,
      }));
  },
  down: (facts) =>
    Object.keys(LEGACY_TABLES)
      .filter((name) => {
        const table = tableIn(facts, name);
        return table !== null && isOurs(table);
      })
      .map((name) => ({
        sql: dropWhenEmpty(name),
        lock: { mode: 'ACCESS EXCLUSIVE', table: name },
        transactional: true,
        note: `${name} stays where it holds a row.`,
      })),
  after: (facts) =>
    Object.entries(LEGACY_TABLES)
      .filter(([name]) => tableIn(facts, name) === null)
      .reduce((found, [name, { columns }]) => withTable(found, name, { comment: COMMENT, columns }), facts),
};
