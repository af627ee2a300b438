import type pg from 'pg';
import { DEFAULT_TENANT_ID } from '../../src/domain/shared/ids.ts';

/** Four tenants beside the practice, of which one has a pool; ten patients each, and ten physicians of the practice. */
const PEOPLE = `
  INSERT INTO tenants (uuid, slug, name, private_pool, quotas, password_policy, created_at)
  SELECT gen_random_uuid(), 'many-' || n, 'Many', CASE WHEN n = 3 THEN 'hearts' END, '{}', '{}', now() FROM generate_series(0, 3) AS n;
  INSERT INTO data_keys (uuid, tenant_uuid, wrapped_key, created_at)
  SELECT gen_random_uuid(), uuid, '', now() FROM tenants WHERE slug LIKE 'many-%';
  INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
  SELECT gen_random_uuid(), uuid, 'patient-' || n || '@example.org', 'patient', 'en', now(), now()
  FROM tenants, generate_series(0, 9) AS n WHERE slug LIKE 'many-%';
  INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
  SELECT gen_random_uuid(), '${DEFAULT_TENANT_ID}', 'physician-' || n || '@example.org', 'physician', 'en', now(), now()
  FROM generate_series(0, 9) AS n;
  INSERT INTO physicians (uuid, tenant_uuid, user_uuid, language_preference, languages, private_pool, created_at, updated_at)
  SELECT gen_random_uuid(), tenant_uuid, uuid, 'en', '{en,he}', CASE WHEN email LIKE '%-0@%' THEN 'hearts' END, now(), now()
  FROM users WHERE role = 'physician';
`;

/** Twenty thousand cases of those, a fifth of them waiting, most of them closed, each with two events, a text and a receipt. */
const CASES = `
  WITH numbered AS (
    SELECT n, gen_random_uuid() AS uuid, timestamptz '2026-01-01' + n * interval '7 minutes' AS created_at,
      (ARRAY['queued', 'queued', 'assigned', 'in_review', 'answered', 'closed', 'closed', 'closed', 'closed', 'declined'])[1 + n % 10] AS state
    FROM generate_series(1, 20000) AS n
  ), patients AS (
    SELECT row_number() OVER (ORDER BY users.uuid) - 1 AS n, users.uuid, users.tenant_uuid, tenants.private_pool
    FROM users JOIN tenants ON tenants.uuid = users.tenant_uuid WHERE users.role = 'patient' AND slug LIKE 'many-%'
  ), staff AS (SELECT row_number() OVER (ORDER BY uuid) - 1 AS n, uuid FROM physicians)
  INSERT INTO cases (uuid, tenant_uuid, state, version, language, priority, patient_uuid, physician_uuid, pool, flags, due_at,
    created_at, updated_at, due_seconds, state_since, timer_at)
  SELECT numbered.uuid, patients.tenant_uuid, state, 2,
    (ARRAY['en', 'en', 'he', 'en-GB', 'ru', 'ar', 'fr'])[1 + numbered.n % 7], (ARRAY['asap', 'urgent', 'routine', 'routine'])[1 + numbered.n % 4],
    patients.uuid, CASE WHEN state NOT IN ('queued', 'declined') THEN staff.uuid END, private_pool,
    CASE WHEN numbered.n % 11 = 0 THEN '{overflow}'::text[] ELSE '{}' END, created_at + interval '1 day', created_at, created_at,
    86400, created_at, CASE WHEN state NOT IN ('closed', 'declined') THEN created_at + interval '6 hours' END
  FROM numbered JOIN patients ON patients.n = numbered.n * 7 % 40 JOIN staff ON staff.n = numbered.n / 10 % 10;
  INSERT INTO case_events (uuid, tenant_uuid, case_uuid, type, from_state, to_state, version, actor_role, at)
  SELECT gen_random_uuid(), tenant_uuid, cases.uuid, 'submitted', NULL, 'queued', n, 'patient', created_at
  FROM cases, generate_series(1, 2) AS n;
  INSERT INTO case_messages (uuid, tenant_uuid, case_uuid, kind, author_role, key_uuid, body, at)
  SELECT gen_random_uuid(), cases.tenant_uuid, cases.uuid, 'question', 'patient', data_keys.uuid, '', cases.created_at
  FROM cases JOIN data_keys ON data_keys.tenant_uuid = cases.tenant_uuid;
  INSERT INTO case_reasons (event_uuid, tenant_uuid, case_uuid, key_uuid, body)
  SELECT case_events.uuid, case_events.tenant_uuid, case_uuid, data_keys.uuid, ''
  FROM case_events JOIN data_keys ON data_keys.tenant_uuid = case_events.tenant_uuid WHERE version = 2;
  INSERT INTO case_receipts (receipt_hash, tenant_uuid, case_uuid, expires_at)
  SELECT sha256(uuid::text::bytea), tenant_uuid, uuid, created_at + interval '1 day' FROM cases;
`;

const TABLES = 'cases, case_events, case_messages, case_reasons, case_receipts, physicians, users, tenants';

/** Who is asked about, out of the many. */
export interface ManyCases {
  readonly tenantId: string;
  readonly patientId: string;
  readonly caseId: string;
  readonly eventId: string;
  /** A physician of the practice, and the user behind him. */
  readonly physicianId: string;
  readonly userId: string;
}

const PICK = `
  SELECT cases.tenant_uuid AS "tenantId", patient_uuid AS "patientId", cases.uuid AS "caseId", case_events.uuid AS "eventId",
    physicians.uuid AS "physicianId", physicians.user_uuid AS "userId"
  FROM cases JOIN physicians ON physicians.uuid = cases.physician_uuid JOIN case_events ON case_events.case_uuid = cases.uuid
  WHERE cases.state = 'in_review' AND pool IS NULL ORDER BY cases.created_at DESC LIMIT 1`;

/** Fills a database with so many cases that the server has a choice how to find one, and tells it what there is. */
export async function plantManyCases(client: pg.Client): Promise<ManyCases> {
  await client.query(`${PEOPLE} ${CASES} ANALYZE ${TABLES}`);
  const { rows } = await client.query<ManyCases>(PICK);
  return rows[0]!;
}
