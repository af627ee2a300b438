import type { Case } from '../../../domain/cases/case.ts';
import { reaches } from '../../../domain/cases/eligibility.ts';
import type { CaseScope } from '../../../domain/cases/visibility.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';

/** Whether the scope of somebody of the tenant has the case. */
export function isWithin(
  tables: ReadonlyMemoryTables,
  tenantId: TenantId,
  scope: CaseScope,
  row: Case,
): boolean {
  switch (scope.kind) {
    case 'tenant':
      return row.tenantId === tenantId;
    case 'patient':
      return row.tenantId === tenantId && row.patientId === scope.patientId && row.state !== 'void';
    case 'reach':
      return reaches(tenantId, row.tenantId) && row.state !== 'void';
    case 'physician': {
      const physician = row.physicianId === null ? undefined : tables.physicians.get(row.physicianId);
      return physician?.tenantId === tenantId && physician.userId === scope.userId;
    }
  }
}
