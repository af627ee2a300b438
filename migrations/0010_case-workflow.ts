import { addedColumns } from './added-columns.ts';
import { concurrentIndexes } from './concurrent-indexes.ts';
import type { Migration } from './migration.ts';
import { ownTables } from './own-tables.ts';
import { inTurn, whileUsed } from './steps.ts';

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

const CREATE = `
-- Who has which case. Physicians of the practice may have those of any tenant, others those of their own only.
CREATE TABLE assignments (
  case_uuid             uuid NOT NULL,
  tenant_uuid           uuid NOT NULL,
  physician_tenant_uuid uuid NOT NULL,
  physician_uuid        uuid NOT NULL,
  assigned_at           timestamptz NOT NULL,
  CONSTRAINT assignments_pkey PRIMARY KEY (case_uuid),
  CONSTRAINT assignments_case_fkey FOREIGN KEY (tenant_uuid, case_uuid) REFERENCES cases (tenant_uuid, uuid),
  CONSTRAINT assignments_physician_fkey FOREIGN KEY (physician_tenant_uuid, physician_uuid) REFERENCES physicians (tenant_uuid, uuid),
  CONSTRAINT assignments_tenant_check CHECK (physician_tenant_uuid IN (tenant_uuid, ${PRACTICE}))
);
CREATE INDEX assignments_physician_idx ON assignments (physician_uuid);

CREATE TABLE case_reasons (
  event_uuid  uuid NOT NULL,
  tenant_uuid uuid NOT NULL,
  case_uuid   uuid NOT NULL,
  key_uuid    uuid NOT NULL,
  body        bytea NOT NULL,
  CONSTRAINT case_reasons_pkey PRIMARY KEY (event_uuid),
  CONSTRAINT case_reasons_event_fkey FOREIGN KEY (event_uuid) REFERENCES case_events (uuid),
  CONSTRAINT case_reasons_case_fkey FOREIGN KEY (tenant_uuid, case_uuid) REFERENCES cases (tenant_uuid, uuid),
  CONSTRAINT case_reasons_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid)
);
CREATE INDEX case_reasons_case_idx ON case_reasons (case_uuid);

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
  CONSTRAINT break_glass_grants_case_fkey FOREIGN KEY (tenant_uuid, case_uuid) REFERENCES cases (tenant_uuid, uuid),
  CONSTRAINT break_glass_grants_admin_fkey FOREIGN KEY (tenant_uuid, admin_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT break_glass_grants_reviewer_fkey FOREIGN KEY (tenant_uuid, reviewer_uuid) REFERENCES users (tenant_uuid, uuid),
  CONSTRAINT break_glass_grants_key_fkey FOREIGN KEY (tenant_uuid, key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT break_glass_grants_note_key_fkey FOREIGN KEY (tenant_uuid, note_key_uuid) REFERENCES data_keys (tenant_uuid, uuid),
  CONSTRAINT break_glass_grants_review_check CHECK (num_nulls(reviewed_at, reviewer_uuid, outcome, note, note_key_uuid) IN (0, 5))
);
CREATE INDEX break_glass_grants_created_at_idx ON break_glass_grants (tenant_uuid, created_at DESC, uuid DESC);
CREATE INDEX break_glass_grants_case_idx ON break_glass_grants (case_uuid, admin_uuid, expires_at);

-- The planner takes no numbers from partial indexes: without these it would guess that few cases wait in a language, and sort them all.
CREATE STATISTICS cases_base_language_stats ON ${BASE_LANGUAGE} FROM cases;
`;

const tables = ownTables({
  tables: {
    assignments: 'which physician has which case',
    case_reasons: 'why people did what they did to cases, encrypted',
    break_glass_grants: 'leaves of admins to read a case outside of their role, and their reviews',
  },
  create: CREATE,
  statistics: ['cases_base_language_stats'],
});

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
  whileUsed(tables, CASES),
  indexes,
);
