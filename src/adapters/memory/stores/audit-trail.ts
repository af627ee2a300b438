import type { AuditFilter, AuditTrail } from '../../../application/ports/stores/audit-trail.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { keysetPage } from '../keyset-page.ts';
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

  async list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    return this.#access.read((tables) => {
      const rows = [...tables.auditEntries.values()]
        .filter((entry) => entry.tenantId === this.#tenantId && passes(filter, entry))
        .map((entry) => ({ createdAt: entry.at, id: entry.id, entry }));
      const { items, next } = keysetPage(rows, request);
      return { items: items.map(({ entry }) => entry), next };
    });
  }
}

const passes = ({ action, actorId, from, subject, to }: AuditFilter, entry: AuditEntry): boolean =>
  (action === null || entry.action === action) &&
  (actorId === null || (entry.actor.kind === 'user' && entry.actor.id === actorId)) &&
  (subject === null ||
    (entry.subject?.id === subject.id && (subject.type === null || entry.subject.type === subject.type))) &&
  (from === null || entry.at >= from) &&
  (to === null || entry.at < to);
