import type { TenantId } from './ids.ts';

/** @throws {Error} where a store is given a record of another tenant: a fault of the caller, never a refusal */
export function assertOwnTenant(tenantId: TenantId, record: { readonly tenantId: TenantId }): void {
  if (record.tenantId !== tenantId) throw new Error('The record belongs to another tenant than its store.');
}
