import type { CaseScope } from '../../../domain/cases/visibility.ts';
import { DEFAULT_TENANT_ID, type TenantId } from '../../../domain/shared/ids.ts';

/**
 * Which cases a scope has: `$1` is the tenant, `$2` the patient, or the user behind the physician; the others have no `$2`. A patient has
 * cases of his own tenant only (cases_patient_fkey); asked for both, the server would look through all of the tenant's.
 */
export const CASE_SCOPES: Readonly<Record<CaseScope['kind'], string>> = {
  patient: `patient_uuid = (SELECT uuid FROM users WHERE tenant_uuid = $1::uuid AND uuid = $2::uuid) AND state <> 'void'`,
  physician:
    'physician_uuid = (SELECT uuid FROM physicians WHERE tenant_uuid = $1::uuid AND user_uuid = $2::uuid)',
  reach: `$1::uuid IN (tenant_uuid, '${DEFAULT_TENANT_ID}') AND state <> 'void'`,
  tenant: 'tenant_uuid = $1::uuid',
};

/** How many parameters a scope has. */
export const SCOPE_COUNTS: Readonly<Record<CaseScope['kind'], number>> = {
  patient: 2,
  physician: 2,
  reach: 1,
  tenant: 1,
};

/** The parameters of the scope's condition. */
export function ofScope(tenantId: TenantId, scope: CaseScope): readonly string[] {
  if (scope.kind === 'patient') return [tenantId, scope.patientId];
  return scope.kind === 'physician' ? [tenantId, scope.userId] : [tenantId];
}
