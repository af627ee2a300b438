import { addedColumns } from './added-columns.ts';
import { tableIn, withTable, type Facts } from './facts.ts';
import type { Migration, MigrationStep } from './migration.ts';
import { ownTables } from './own-tables.ts';
import { recurringQueues } from './recurring-queues.ts';
import { inTurn, whileUsed } from './steps.ts';

const CREATE_INDEX_TABLES = `
-- One row for each row of rn_requests that Casegate did not write: the keyed hashes by which its identifiers are found. No foreign key
-- leads there, so that the legacy service deletes and writes as before.
CREATE TABLE legacy_index (
  request_uuid   uuid NOT NULL,
  vendor_id      text,
  created_at     timestamptz(3) NOT NULL,
  language       text NOT NULL,
  legacy_user_id bytea,
  national_id    bytea,
  phone          bytea,
  email          bytea,
  CONSTRAINT legacy_index_pkey PRIMARY KEY (request_uuid)
);
CREATE INDEX legacy_index_legacy_user_id_idx ON legacy_index (legacy_user_id) WHERE legacy_user_id IS NOT NULL;
CREATE INDEX legacy_index_national_id_idx ON legacy_index (national_id) WHERE national_id IS NOT NULL;
CREATE INDEX legacy_index_phone_idx ON legacy_index (phone) WHERE phone IS NOT NULL;
CREATE INDEX legacy_index_email_idx ON legacy_index (email) WHERE email IS NOT NULL;
CREATE INDEX legacy_index_created_at_idx ON legacy_index (created_at DESC, request_uuid DESC);
CREATE INDEX legacy_index_vendor_created_at_idx ON legacy_index (vendor_id DESC, created_at DESC, request_uuid DESC);
-- The language as a case shows it, a canonical tag or 'und': without it a list of a language that few have would read everything.
CREATE INDEX legacy_index_language_created_at_idx ON legacy_index (language DESC, created_at DESC, request_uuid DESC);
CREATE INDEX legacy_index_vendor_language_created_at_idx
  ON legacy_index (vendor_id DESC, language DESC, created_at DESC, request_uuid DESC);

-- One row: how far the index was built, and how far the full comparison that is under way has come.
CREATE TABLE legacy_index_state (
  singleton        boolean NOT NULL DEFAULT true,
  built_through    uuid,
  completed_at     timestamptz,
  compared_through uuid,
  compared_at      timestamptz,
  CONSTRAINT legacy_index_state_pkey PRIMARY KEY (singleton),
  CONSTRAINT legacy_index_state_singleton_check CHECK (singleton)
);
INSERT INTO legacy_index_state DEFAULT VALUES;
`;

const CREATE_LINKS = `
CREATE TABLE legacy_links (
  uuid            uuid NOT NULL,
  tenant_uuid     uuid NOT NULL,
  user_uuid       uuid NOT NULL,
  vendor_id       text,
  kind            text NOT NULL,
  identifier_hash bytea NOT NULL,
  identifier      bytea NOT NULL,
  key_uuid        uuid NOT NULL,
  status          text NOT NULL,
  proof           text,
  code_hash       bytea,
  code_expires_at timestamptz,
  reason          bytea,
  reason_key_uuid uuid,
  decided_by      uuid,
  created_at      timestamptz(3) NOT NULL,
  updated_at      timestamptz NOT NULL,
  version         integer NOT NULL DEFAULT 1,
  CONSTRAINT legacy_links_pkey PRIMARY KEY (uuid),
  CONSTRAINT legacy_links_tenant_uuid_key UNIQUE (tenant_uuid, uuid),
  CONSTRAINT legacy_links_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT legacy_links_decided_by_fkey FOREIGN KEY (tenant_uuid, decided_by) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT legacy_links_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT legacy_links_reason_key_fkey FOREIGN KEY (tenant_uuid, reason_key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT legacy_links_kind_check CHECK (kind IN ('legacy_user_id', 'national_id', 'phone', 'email')),
  CONSTRAINT legacy_links_status_check CHECK (status IN ('candidate', 'pending', 'waiting-for-admin', 'linked', 'rejected', 'unlinked')),
  CONSTRAINT legacy_links_linked_proof_check CHECK (status <> 'linked' OR proof IS NOT NULL),
  CONSTRAINT legacy_links_code_check CHECK (num_nulls(code_hash, code_expires_at) IN (0, 2)),
  CONSTRAINT legacy_links_reason_check CHECK (num_nulls(reason, reason_key_uuid) IN (0, 2))
);
-- An identifier has one owner at most, whatever the tenants do.
CREATE UNIQUE INDEX legacy_links_linked_key ON legacy_links (identifier_hash) WHERE status = 'linked';
-- And an account has at most one link to it that is not over.
CREATE UNIQUE INDEX legacy_links_open_key ON legacy_links (user_uuid, identifier_hash)
  WHERE status IN ('candidate', 'pending', 'waiting-for-admin', 'linked');
CREATE INDEX legacy_links_user_created_at_idx ON legacy_links (user_uuid, created_at DESC, uuid DESC);
CREATE INDEX legacy_links_claims_idx ON legacy_links (tenant_uuid, created_at DESC, uuid DESC)
  WHERE status IN ('pending', 'waiting-for-admin');
CREATE INDEX legacy_links_linked_idx ON legacy_links (uuid) WHERE status = 'linked';

-- Which rows of rn_requests have their owner by which link, so that it can be taken back exactly there.
CREATE TABLE legacy_stamps (
  request_uuid uuid NOT NULL,
  tenant_uuid  uuid NOT NULL,
  link_uuid    uuid NOT NULL,
  user_uuid    uuid NOT NULL,
  run_uuid     uuid,
  stamped_at   timestamptz NOT NULL,
  CONSTRAINT legacy_stamps_pkey PRIMARY KEY (request_uuid),
  CONSTRAINT legacy_stamps_link_fkey FOREIGN KEY (tenant_uuid, link_uuid) REFERENCES legacy_links (tenant_uuid, uuid),
  CONSTRAINT legacy_stamps_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid)
);
CREATE INDEX legacy_stamps_link_idx ON legacy_stamps (link_uuid);
CREATE INDEX legacy_stamps_user_idx ON legacy_stamps (user_uuid);
CREATE INDEX legacy_stamps_run_idx ON legacy_stamps (run_uuid, request_uuid) WHERE run_uuid IS NOT NULL;

-- A live legacy session that nobody's account is linked to yet, for whoever holds the ticket.
CREATE TABLE legacy_tickets (
  ticket_hash    bytea NOT NULL,
  sid            text NOT NULL,
  vendor_id      text,
  legacy_user_id text,
  identifier     text,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  CONSTRAINT legacy_tickets_pkey PRIMARY KEY (ticket_hash)
);
CREATE INDEX legacy_tickets_expires_at_idx ON legacy_tickets (expires_at);
`;

const CREATE_RUNS = `
-- What an operator has set going over many records, so that it can be gone on with, and undone.
CREATE TABLE batch_runs (
  uuid        uuid NOT NULL,
  kind        text NOT NULL,
  file_digest bytea,
  options     jsonb NOT NULL DEFAULT '{}',
  position    text,
  created_at  timestamptz(3) NOT NULL,
  finished_at timestamptz,
  undone_at   timestamptz,
  CONSTRAINT batch_runs_pkey PRIMARY KEY (uuid)
);
-- One run of each file at a time, and of each kind that reads none.
CREATE UNIQUE INDEX batch_runs_unfinished_key ON batch_runs (kind, (coalesce(file_digest, ''))) WHERE finished_at IS NULL;

CREATE TABLE imported_users (
  run_uuid    uuid NOT NULL,
  line        integer NOT NULL,
  tenant_uuid uuid NOT NULL,
  user_uuid   uuid NOT NULL,
  CONSTRAINT imported_users_pkey PRIMARY KEY (run_uuid, line),
  CONSTRAINT imported_users_run_fkey FOREIGN KEY (run_uuid) REFERENCES batch_runs (uuid),
  CONSTRAINT imported_users_user_fkey FOREIGN KEY (tenant_uuid, user_uuid) REFERENCES users (tenant_uuid, uuid)
);
`;

const index = ownTables({
  tables: {
    legacy_index: 'keyed hashes by which the identifiers of legacy requests are found',
    legacy_index_state: 'how far the legacy index was built and compared',
  },
  create: CREATE_INDEX_TABLES,
});

const links = whileUsed(
  ownTables({
    tables: {
      legacy_links: 'which legacy identifiers belong to which account, and who claims them',
      legacy_stamps: 'which legacy requests have their owner by which link',
      legacy_tickets: 'hashes of tickets for live legacy sessions that no account is linked to',
    },
    create: CREATE_LINKS,
  }),
  'users',
);

const runs = whileUsed(
  ownTables({
    tables: {
      batch_runs: 'what operators have set going over many records, and how far it has come',
      imported_users: 'which account came from which line of which file',
    },
    create: CREATE_RUNS,
  }),
  'users',
);

const caseOrigin = addedColumns('cases', {
  origin: { type: 'text', rest: `NOT NULL DEFAULT 'casegate'` },
});

const bonds = inTurn(
  addedColumns('sessions', { legacy_sid: { type: 'text' } }),
  addedColumns('sign_in_challenges', {
    legacy_sid: { type: 'text' },
    legacy_expires_at: { type: 'timestamp with time zone' },
  }),
);

/** What migration 0013 says of the schema of jobs. */
const JOBS = 'jobs, kept by pg-boss in version 46 of its schema; recurring ones too';
const queue = recurringQueues(['legacy-index'], JOBS, `${JOBS}, and the one that follows legacy requests`);

const GUARD = 'cases_anonymous_allowed';
/** Comes and goes with the trigger's present form: of a trigger, nothing is among the facts. */
const ADOPTED = 'cases_adopted_check';

const guardStep = (check: string, condition: string): MigrationStep => ({
  sql: `ALTER TABLE cases ${check};
DROP TRIGGER ${GUARD} ON cases;
CREATE TRIGGER ${GUARD} BEFORE INSERT ON cases
  FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION casegate_refuse_anonymous_case();`,
  lock: { mode: 'ACCESS EXCLUSIVE', table: 'cases' },
  transactional: true,
});

const checkOf = (facts: Facts) => tableIn(facts, 'cases')?.constraints[ADOPTED];

const VALIDATE: MigrationStep = {
  sql: `ALTER TABLE cases VALIDATE CONSTRAINT ${ADOPTED};`,
  lock: { mode: 'SHARE UPDATE EXCLUSIVE', table: 'cases' },
  transactional: true,
};

/**
 * A legacy request that was given a workflow has somebody behind it, whether or not his account is known: it is no anonymous case. The
 * check of what `origin` may be comes with the trigger that goes by it.
 */
const guard: Migration = {
  up: (facts) => [
    ...(checkOf(facts)
      ? []
      : [
          guardStep(
            `ADD CONSTRAINT ${ADOPTED} CHECK (origin IN ('casegate', 'legacy')) NOT VALID`,
            `NEW.patient_uuid IS NULL AND NEW.state <> 'legacy' AND NEW.origin <> 'legacy'`,
          ),
        ]),
    ...(checkOf(facts)?.validated ? [] : [VALIDATE]),
  ],
  down: (facts) =>
    checkOf(facts)
      ? [guardStep(`DROP CONSTRAINT ${ADOPTED}`, `NEW.patient_uuid IS NULL AND NEW.state <> 'legacy'`)]
      : [],
  after: (facts) => withTable(facts, 'cases', { constraints: { [ADOPTED]: { validated: true } } }),
};

/**
 * What living beside the legacy service needs: an index of its requests, links of accounts to its identifiers, the owners that these
 * brought to its rows, sessions that last as long as its own, and what operators do in batches.
 */
export const legacy: Migration = inTurn(index, links, runs, caseOrigin, bonds, queue, guard);
