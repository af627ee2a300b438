import type { TenantId } from '../../domain/shared/ids.ts';
import type { ReadonlyMemoryTables } from './memory-tables.ts';

/** @throws {Error} where a store is given a record of another tenant: a fault of the caller, never a refusal */
export function assertOwnTenant(tenantId: TenantId, record: { readonly tenantId: TenantId }): void {
  if (record.tenantId !== tenantId) throw new Error('The record belongs to another tenant than its store.');
}

/** @throws {Error} where the tenant has no such user, as a foreign key does */
export function assertOwnUser(tables: ReadonlyMemoryTables, tenantId: TenantId, userId: string): void {
  if (tables.users.get(userId)?.tenantId !== tenantId) throw new Error('The tenant has no such user.');
}

/** The row, where it is the tenant's; otherwise `null`. */
export const ownedBy = <Row extends { readonly tenantId: TenantId }>(
  tenantId: TenantId,
  row: Row | undefined,
): Row | null => (row?.tenantId === tenantId ? row : null);
