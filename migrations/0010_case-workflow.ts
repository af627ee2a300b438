import { addedColumns } from './added-columns.ts';
import { concurrentIndexes } from './concurrent-indexes.ts';
import { foreignKeys } from './foreign-keys.ts';
import type { Migration } from './migration.ts';
import { ownTables } from './own-tables.ts';
import { besideWriters, inTurn } from './steps.ts';

const CASES = 'cases';
const BASE_LANGUAGE = `(split_part(language, '-', 1))`;

/** The practice itself: the one tenant whose physicians serve others. */
const PRACTICE = "'00000000-0000-7000-8000-000000000001'";

/**
 * Rows of the version before have no `due_seconds`, and are looked at by the timers at once. Smallints count: how many steps of the
 * escalation were taken, how often the patient was reminded, how often he followed an answer up.
 */
const caseColumns = addedColumns(CASES, {
  due_seconds: { type: 'integer' },
  state_since: { type: 'timestamp with time zone', rest: 'NOT NULL DEFAULT now()' },
  escalations: { type: 'smallint', rest: 'NOT NULL DEFAULT 0' },
  reminders: { type: 'smallint', rest: 'NOT NULL DEFAULT 0' },
  follow_ups: { type: 'smallint', rest: 'NOT NULL DEFAULT 0' },
  answered_at: { type: 'timestamp with time zone' },
  away_since: { type: 'timestamp with time zone' },
  timer_at: { type: 'timestamp with time zone', rest: 'DEFAULT now()' },
});

const eventColumns = addedColumns('case_events', { actor_role: { type: 'text' } });

const tenantColumns = addedColumns('tenants', {
  due_hours: { type: 'jsonb', rest: `NOT NULL DEFAULT '{"asap": 4, "urgent": 24, "routine": 72}'` },
});

const CREATE_ASSIGNMENTS = `
-- Who has which case. Physicians of the practice may have those of any tenant, others those of their own only.
CREATE TABLE assignments (
  case_uuid             uuid NOT NULL,
  tenant_uuid           uuid NOT NULL,
  physician_tenant_uuid uuid NOT NULL,
  physician_uuid        uuid NOT NULL,
  assigned_at           timestamptz NOT NULL,
  CONSTRAINT assignments_pkey PRIMARY KEY (case_uuid),
  CONSTRAINT assignments_tenant_check CHECK (physician_tenant_uuid IN (tenant_uuid, ${PRACTICE}))
);
CREATE INDEX assignments_physician_idx ON assignments (physician_uuid);

-- Where this was undone, cases have physicians already. However many there are, nobody waits: foreign keys come afterwards.
INSERT INTO assignments (case_uuid, tenant_uuid, physician_tenant_uuid, physician_uuid, assigned_at)
SELECT cases.uuid, cases.tenant_uuid, physicians.tenant_uuid, physicians.uuid, coalesce(
  (SELECT max(at) FROM case_events WHERE case_uuid = cases.uuid AND type IN ('claimed', 'assigned', 'reassigned')), cases.updated_at)
FROM cases JOIN physicians ON physicians.uuid = cases.physician_uuid;
`;

const CREATE_REASONS = `
CREATE TABLE case_reasons (
  event_uuid  uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  case_uuid   uuid NOT NULL,
  key_uuid    uuid NOT NULL,
  body        bytea NOT NULL,
  CONSTRAINT case_reasons_pkey PRIMARY KEY (event_uuid)
);
CREATE INDEX case_reasons_case_idx ON case_reasons (case_uuid);

-- The planner takes no numbers from partial indexes: without these it would guess that few cases wait in a language, and sort them all.
CREATE STATISTICS cases_base_language_stats ON ${BASE_LANGUAGE} FROM cases;
`;

const CREATE_GRANTS = `
CREATE TABLE break_glass_grants (
  uuid          uuid NOT NULL,
  tenant_uuid   uuid NOT NULL,
  case_uuid     uuid NOT NULL,
  admin_uuid    uuid NOT NULL,
  reason        bytea NOT NULL,
  key_uuid      uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL,
  expires_at    timestamptz NOT NULL,
  reviewed_at   timestamptz,
  reviewer_uuid uuid,
  outcome       text,
  note          bytea,
  note_key_uuid uuid,
  CONSTRAINT break_glass_grants_pkey PRIMARY KEY (uuid),
  CONSTRAINT break_glass_grants_review_check CHECK (num_nulls(reviewed_at, reviewer_uuid, outcome, note, note_key_uuid) IN (0, 5))
);
CREATE INDEX break_glass_grants_created_at_idx ON break_glass_grants (tenant_uuid, created_at DESC, uuid DESC);
CREATE INDEX break_glass_grants_case_idx ON break_glass_grants (case_uuid, admin_uuid, expires_at);
`;

const keyOf = (table: string, column: string) => ({
  columns: `tenant_uuid, ${column}`,
  table,
  keys: 'tenant_uuid, uuid',
});

const assignments = inTurn(
  ownTables({
    tables: { assignments: 'which physician has which case' },
    create: CREATE_ASSIGNMENTS,
  }),
  foreignKeys('assignments', {
    assignments_case_fkey: keyOf(CASES, 'case_uuid'),
    assignments_physician_fkey: {
      columns: 'physician_tenant_uuid, physician_uuid',
      table: 'physicians',
      keys: 'tenant_uuid, uuid',
    },
  }),
);

const reasons = inTurn(
  besideWriters(
    ownTables({
      tables: { case_reasons: 'why people did what they did to cases, encrypted' },
      create: CREATE_REASONS,
      statistics: ['cases_base_language_stats'],
    }),
    CASES,
  ),
  foreignKeys('case_reasons', {
    case_reasons_event_fkey: { columns: 'event_uuid', table: 'case_events', keys: 'uuid' },
    case_reasons_case_fkey: keyOf(CASES, 'case_uuid'),
    case_reasons_key_fkey: keyOf('data_keys', 'key_uuid'),
  }),
);

const grants = inTurn(
  ownTables({
    tables: {
      break_glass_grants: 'leaves of admins to read a case outside of their role, and their reviews',
    },
    create: CREATE_GRANTS,
  }),
  foreignKeys('break_glass_grants', {
    break_glass_grants_case_fkey: keyOf(CASES, 'case_uuid'),
    break_glass_grants_admin_fkey: keyOf('users', 'admin_uuid'),
    break_glass_grants_reviewer_fkey: keyOf('users', 'reviewer_uuid'),
    break_glass_grants_key_fkey: keyOf('data_keys', 'key_uuid'),
    break_glass_grants_note_key_fkey: keyOf('data_keys', 'note_key_uuid'),
  }),
);

/** The order of the queue: asap before urgent before routine, then due time, then submission. */
const QUEUE_ORDER = `(CASE priority WHEN 'asap' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END), due_at, created_at, uuid`;

const indexes = concurrentIndexes(CASES, {
  cases_shared_queue_idx: `(${BASE_LANGUAGE}, ${QUEUE_ORDER}) WHERE state = 'queued' AND (pool IS NULL OR 'overflow' = ANY (flags))`,
  cases_pool_queue_idx: `(pool, ${BASE_LANGUAGE}, ${QUEUE_ORDER}) WHERE state = 'queued' AND pool IS NOT NULL`,
  cases_tenant_queue_idx: `(tenant_uuid, ${QUEUE_ORDER}) WHERE state = 'queued'`,
  cases_tenant_state_created_at_idx: '(tenant_uuid, state, created_at DESC, uuid DESC)',
  cases_tenant_language_created_at_idx: '(tenant_uuid, language, created_at DESC, uuid DESC)',
  cases_tenant_state_language_created_at_idx: '(tenant_uuid, state, language, created_at DESC, uuid DESC)',
  cases_physician_state_created_at_idx:
    '(physician_uuid, state, created_at DESC, uuid DESC) WHERE physician_uuid IS NOT NULL',
  cases_timer_at_idx: '(timer_at, uuid) WHERE timer_at IS NOT NULL',
});

/** What the workflow of a case needs beside its state: clocks, whom it is assigned to, reasons, and the queue in its order. */
export const caseWorkflow: Migration = inTurn(
  caseColumns,
  eventColumns,
  tenantColumns,
  assignments,
  reasons,
  grants,
  indexes,
);
