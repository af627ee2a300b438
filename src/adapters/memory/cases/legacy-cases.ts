import type { VendorDirectory } from '../../../application/ports/legacy/vendor-directory.ts';
import type { LegacyCase } from '../../../domain/cases/case.ts';
import { legacyCaseOf } from '../../../domain/cases/legacy-case.ts';
import type { CaseScope } from '../../../domain/cases/visibility.ts';
import { isInVendorScope } from '../../../domain/legacy/vendor.ts';
import { normalVendorId } from '../../../domain/shared/vendor-id.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { LegacyRequestRow, ReadonlyMemoryTables } from '../memory-tables.ts';

/** Who looks at legacy cases. */
export interface LegacyReader {
  readonly tenantId: TenantId;
  readonly scope: CaseScope;
  readonly vendors: VendorDirectory;
}

/** The legacy cases within a scope. */
export const legacyCasesWithin = (
  tables: ReadonlyMemoryTables,
  reader: LegacyReader,
): readonly LegacyCase[] =>
  [...tables.legacyRequests.values()]
    .filter((row) => tables.cases.get(row.caseId) === undefined && isWithin(tables, reader, row))
    .map((row) => caseOf(tables, reader.tenantId, row));

function isWithin(
  tables: ReadonlyMemoryTables,
  { scope, tenantId, vendors }: LegacyReader,
  { ownerId, vendorId }: LegacyRequestRow,
): boolean {
  switch (scope.kind) {
    case 'patient':
      return ownerId === scope.patientId && tables.users.get(ownerId)?.tenantId === tenantId;
    case 'tenant': {
      const slug = tables.tenants.get(tenantId)?.slug;
      return slug !== undefined && isInVendorScope(vendors.scopeOf(slug), normalVendorId(vendorId));
    }
    case 'physician':
    case 'reach':
      return false;
  }
}

/** An owner of another tenant is not told. */
function caseOf(tables: ReadonlyMemoryTables, tenantId: TenantId, row: LegacyRequestRow): LegacyCase {
  const { caseId: id, createdAt, language, ownerId, status, vendorId } = row;
  const isOwn = ownerId !== null && tables.users.get(ownerId)?.tenantId === tenantId;
  return legacyCaseOf({
    id,
    tenantId,
    patientId: isOwn ? ownerId : null,
    vendorId,
    language,
    status,
    createdAt,
  });
}
