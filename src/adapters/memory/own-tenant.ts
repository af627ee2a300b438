import type { TenantId } from '../../domain/shared/ids.ts';
import type { ReadonlyMemoryTables } from './memory-tables.ts';

/** @throws {Error} where the tenant has no such user, as a foreign key does */
export function assertOwnUser(tables: ReadonlyMemoryTables, tenantId: TenantId, userId: string): void {
  if (tables.users.get(userId)?.tenantId !== tenantId) throw new Error('The tenant has no such user.');
}

/**
 * Keys that are not stored here are not looked at: a cipher may keep them elsewhere.
 *
 * @throws {Error} where the key is another tenant's, as a foreign key does
 */
export function assertOwnKey(tables: ReadonlyMemoryTables, tenantId: TenantId, keyId: string): void {
  const key = tables.dataKeys.get(keyId);
  if (key && key.tenantId !== tenantId) throw new Error('The tenant has no such key.');
}

/** The row, where it is the tenant's; otherwise `null`. */
export const ownedBy = <Row extends { readonly tenantId: TenantId }>(
  tenantId: TenantId,
  row: Row | undefined,
): Row | null => (row?.tenantId === tenantId ? row : null);
