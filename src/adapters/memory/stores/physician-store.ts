import type { PhysicianStore } from '../../../application/ports/stores/physician-store.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { TenantId, UserId } from '../../../domain/shared/ids.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The physicians of one tenant, in memory. */
export class MemoryPhysicianStore implements PhysicianStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async findByUser(userId: UserId): Promise<Physician | null> {
    return this.#access.read(
      (tables) =>
        [...tables.physicians.values()].find(
          (physician) => physician.userId === userId && physician.tenantId === this.#tenantId,
        ) ?? null,
    );
  }
}
