import type { AdoptedLegacyCase } from '../../../application/ports/stores/case-store.ts';
import { CaseNotAllowedInState } from '../../../domain/cases/errors.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { MemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser } from '../own-tenant.ts';
import { setCase } from './save-case.ts';

/**
 * Keeps the workflow of a legacy case of the tenant, whole.
 *
 * @returns `false` where its row is gone, or of another owner: nothing is kept
 * @throws {CaseNotAllowedInState} where it has a workflow already
 */
export function adoptLegacyCase(
  tables: MemoryTables,
  tenantId: TenantId,
  { after, audit, event, question }: AdoptedLegacyCase,
): boolean {
  const { id, patientId } = after;
  const known = tables.cases.get(id);
  if (tables.legacyRequests.get(id)?.ownerId !== patientId) return false;
  if (known) throw new CaseNotAllowedInState(known.state);
  if (patientId !== null) assertOwnUser(tables, tenantId, patientId);
  if (question) assertOwnKey(tables, tenantId, question.body.keyId);
  tables.cases.add(id, after);
  setCase(tables, after);
  tables.caseEvents.add(event.id, event);
  tables.auditEntries.add(audit.id, audit);
  if (question) tables.caseMessages.add(question.id, question);
  return true;
}
