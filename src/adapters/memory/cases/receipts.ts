import type { Case } from '../../../domain/cases/case.ts';
import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';
import { type MemoryTables, octetKey, type ReadonlyMemoryTables } from '../memory-tables.ts';
import { ownedBy } from '../own-tenant.ts';

/**
 * The case of a receipt that counts.
 *
 * @returns `null` where the tenant has no such receipt, or it does not count any more
 */
export function caseOfReceipt(
  tables: ReadonlyMemoryTables,
  tenantId: TenantId,
  hash: Uint8Array,
  now: Date,
): Case | null {
  const receipt = tables.caseReceipts.get(octetKey(hash));
  if (receipt?.spentAt !== null || receipt.expiresAt <= now) return null;
  const found = ownedBy(tenantId, tables.cases.get(receipt.caseId));
  return found?.state === 'void' ? null : found;
}

/** Spends the receipts that count, and gives their cases, each once. */
export function spendReceipts(
  tables: MemoryTables,
  tenantId: TenantId,
  hashes: readonly Uint8Array[],
  now: Date,
): readonly CaseId[] {
  const cases = new Set<CaseId>();
  for (const hash of hashes) {
    const found = caseOfReceipt(tables, tenantId, hash, now);
    const receipt = tables.caseReceipts.get(octetKey(hash));
    if (!found || !receipt) continue;
    tables.caseReceipts.set(octetKey(hash), { ...receipt, spentAt: now });
    cases.add(found.id);
  }
  return [...cases].sort();
}
