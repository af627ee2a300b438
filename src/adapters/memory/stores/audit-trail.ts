import type { AuditTrail } from '../../../application/ports/stores/audit-trail.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The audit trail of one tenant, in memory. */
export class MemoryAuditTrail implements AuditTrail {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(entry: AuditEntry): Promise<void> {
    assertOwnTenant(this.#tenantId, entry);
    await this.#access.write((tables) => {
      tables.auditEntries.add(entry.id, entry);
    });
  }
}
