import type pg from 'pg';
import type { Vendor } from '../../src/domain/legacy/vendor.ts';
import { DEFAULT_TENANT_ID } from '../../src/domain/shared/ids.ts';
import { aVendor } from './builders.ts';

/** Vendors of which one has nearly all rows, and of each of the tenants `many-0` and `many-1` one. */
export const MANY_VENDORS: readonly Vendor[] = [
  aVendor({ vendorId: 'large', tenant: 'many-0' }),
  aVendor({ vendorId: 'small', tenant: 'many-1' }),
];

/**
 * Twenty thousand rows of the legacy service, in the order of time, one in five hundred in a language that no other has; a row for each
 * case besides, as for the legacy service to see, of which the practice has some too. Every eightieth is a patient's.
 */
const ROWS = `
  INSERT INTO rn_requests (uuid, vendor_id, language, question, status, created_at)
  SELECT gen_random_uuid(),
    CASE WHEN n <= 20 THEN 'small' WHEN n <= 40 THEN 'unlisted' WHEN n <= 60 THEN NULL ELSE 'large' END,
    CASE WHEN n % 500 = 0 THEN 'fr' WHEN n % 3 = 0 THEN 'en' ELSE 'he' END, 'Since when?', 'new',
    timestamptz '2026-01-01' + n * interval '7 minutes'
  FROM generate_series(1, 20000) AS n;
  INSERT INTO legacy_index (request_uuid, vendor_id, language, created_at)
  SELECT uuid, vendor_id, language, created_at FROM rn_requests ORDER BY created_at;
  WITH numbered AS (
    SELECT uuid, row_number() OVER (ORDER BY created_at) AS n FROM rn_requests
  ), patients AS (
    SELECT users.uuid, row_number() OVER (ORDER BY users.uuid) AS n FROM users WHERE role = 'patient'
  )
  UPDATE rn_requests SET user_uuid = patients.uuid FROM numbered JOIN patients ON patients.n = 1 + numbered.n / 80 % 40
  WHERE rn_requests.uuid = numbered.uuid AND numbered.n % 80 = 0;
  INSERT INTO users (uuid, tenant_uuid, email, role, language, created_at, updated_at)
  VALUES (gen_random_uuid(), '${DEFAULT_TENANT_ID}', 'patient@example.org', 'patient', 'en', now(), now());
  INSERT INTO cases (uuid, tenant_uuid, state, version, language, priority, patient_uuid, due_at, created_at, updated_at)
  SELECT gen_random_uuid(), tenant_uuid, 'cancelled', 2, (ARRAY['en', 'he', 'fr'])[1 + n % 3], 'routine', users.uuid, now(),
    timestamptz '2026-01-01' + n * interval '51 minutes', now()
  FROM generate_series(1, 3000) AS n, users WHERE email = 'patient@example.org';
  INSERT INTO rn_requests (uuid, user_uuid, language, created_at)
  SELECT uuid, patient_uuid, language, created_at FROM cases;
`;

/** Fills a database that has many cases with as many legacy ones. @returns one that is a patient's */
export async function plantManyLegacyCases(
  client: pg.Client,
): Promise<{ readonly caseId: string; readonly patientId: string; readonly tenantId: string }> {
  await client.query(`${ROWS} ANALYZE rn_requests, legacy_index, cases, users`);
  const { rows } = await client.query<{ caseId: string; patientId: string; tenantId: string }>(
    `SELECT legacy_index.request_uuid AS "caseId", user_uuid AS "patientId", users.tenant_uuid AS "tenantId"
     FROM legacy_index JOIN rn_requests ON rn_requests.uuid = request_uuid JOIN users ON users.uuid = user_uuid LIMIT 1`,
  );
  return rows[0]!;
}
