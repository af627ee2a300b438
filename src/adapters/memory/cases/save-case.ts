import type { CaseChange } from '../../../application/ports/stores/case-store.ts';
import type { Case } from '../../../domain/cases/case.ts';
import { reaches } from '../../../domain/cases/eligibility.ts';
import { nextTimer } from '../../../domain/cases/timers.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { MemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser, ownedBy } from '../own-tenant.ts';

/**
 * Keeps a step of a case of the tenant.
 *
 * @returns `false` where the case is not what the step was taken from any more: nothing is kept
 */
export function saveCase(tables: MemoryTables, tenantId: TenantId, change: CaseChange): boolean {
  const { before, after, event, audit, message, reason } = change;
  const current = ownedBy(tenantId, tables.cases.get(before.id));
  if (current?.state !== before.state || current.version !== before.version) return false;
  if (after.patientId !== null) assertOwnUser(tables, tenantId, after.patientId);
  if (message) assertOwnKey(tables, tenantId, message.body.keyId);
  if (reason) assertOwnKey(tables, tenantId, reason.keyId);
  setCase(tables, after);
  tables.caseEvents.add(event.id, event);
  tables.auditEntries.add(audit.id, audit);
  if (message) tables.caseMessages.add(message.id, message);
  if (reason) tables.caseReasons.add(event.id, { caseId: after.id, body: reason });
  if (before.physicianId !== after.physicianId) setAssignment(tables, after);
  if (before.patientId !== after.patientId) setOwner(tables, after);
  return true;
}

/** The row of the legacy service follows the patient. */
function setOwner(tables: MemoryTables, { id, patientId: ownerId }: Case): void {
  const request = tables.legacyRequests.get(id);
  if (request) tables.legacyRequests.set(id, { ...request, ownerId });
}

/** Keeps a case as it is now, to be looked at when its next timer is due. */
export function setCase(tables: MemoryTables, row: Case): void {
  tables.cases.set(row.id, row);
  tables.caseTimers.set(row.id, nextTimer(row)?.at ?? null);
}

function setAssignment(tables: MemoryTables, { id, physicianId, tenantId, updatedAt }: Case): void {
  if (physicianId === null) {
    tables.assignments.delete(id);
    return;
  }
  const physician = tables.physicians.get(physicianId);
  if (!physician || !reaches(physician.tenantId, tenantId)) {
    throw new Error('The case has no such physician.');
  }
  tables.assignments.set(id, { physicianId, physicianTenantId: physician.tenantId, assignedAt: updatedAt });
}
