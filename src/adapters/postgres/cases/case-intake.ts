import type { Routed } from '../../../domain/cases/eligibility.ts';
import type { CaseIntake } from '../../../domain/cases/submit-case.ts';
import type { Vendor } from '../../../domain/legacy/vendor.ts';
import { DEFAULT_TENANT_ID, type TenantId } from '../../../domain/shared/ids.ts';
import type { Language } from '../../../domain/shared/language.ts';
import { dueHoursOf, type TenantRow } from '../rows/tenant-row.ts';
import type { Statement, Statements } from '../statements.ts';

/** Whether somebody could take cases of the tenant `$1` in the language `$2`, out of the physicians of the pool. */
const candidate = (pool: string): string => `EXISTS (
    SELECT FROM physicians JOIN users ON users.tenant_uuid = physicians.tenant_uuid AND users.uuid = physicians.user_uuid
    WHERE physicians.tenant_uuid IN ($1::uuid, '${DEFAULT_TENANT_ID}') AND NOT physicians.vacation_mode
      AND users.is_active AND users.role = 'physician' AND ${pool}
      AND EXISTS (SELECT FROM unnest(physicians.languages) AS spoken
        WHERE $2::text = spoken OR starts_with($2::text, spoken || '-'))
  ) AS has_candidate`;

interface CandidateRow {
  readonly has_candidate: boolean;
}

/** `$3` is the slug of the vendor's tenant, `$4` the vendor's pool. */
const INTAKE: Statement<Pick<TenantRow, 'private_pool' | 'due_hours'> & CandidateRow> = {
  text: `SELECT routed.private_pool, due_hours,
    ${candidate('physicians.private_pool IS NOT DISTINCT FROM routed.private_pool')}
    FROM tenants CROSS JOIN LATERAL (
      SELECT coalesce(CASE WHEN tenants.slug = $3::text THEN $4::text END, tenants.private_pool) AS private_pool
    ) AS routed
    WHERE tenants.uuid = $1::uuid`,
};

const HAS_CANDIDATE: Statement<CandidateRow> = {
  text: `SELECT ${candidate(`(physicians.private_pool IS NOT DISTINCT FROM $3::text
      OR $4::boolean AND physicians.private_pool IS NULL) AND users.uuid IS DISTINCT FROM $5::uuid`)}`,
};

/**
 * What a new case of the language meets in the tenant, by one statement.
 *
 * @returns `null` where there is no such tenant
 */
export async function caseIntake(
  statements: Statements,
  tenantId: TenantId,
  language: Language,
  vendor: Pick<Vendor, 'tenant' | 'privatePool'>,
): Promise<CaseIntake | null> {
  const [row] = await statements.run(INTAKE, [tenantId, language, vendor.tenant, vendor.privatePool]);
  return row ? { pool: row.private_pool, dueHours: dueHoursOf(row), hasCandidate: row.has_candidate } : null;
}

/** Whether a physician is there who could take the case. */
export async function hasCandidate(
  statements: Statements,
  { tenantId, patientId, language, pool, flags }: Routed,
): Promise<boolean> {
  const overflows = flags.includes('overflow');
  const [row] = await statements.run(HAS_CANDIDATE, [tenantId, language, pool, overflows, patientId]);
  return row?.has_candidate ?? false;
}
