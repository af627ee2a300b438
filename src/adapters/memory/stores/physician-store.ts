import type { PhysicianStore } from '../../../application/ports/stores/physician-store.ts';
import { type Assignable, reaches } from '../../../domain/cases/eligibility.ts';
import { PhysicianConflict, PhysicianExists } from '../../../domain/identity/errors.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { PhysicianId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { assignableOf } from '../cases/assignable-of.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnUser, ownedBy } from '../own-tenant.ts';

/** The physicians of one tenant, in memory. */
export class MemoryPhysicianStore implements PhysicianStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async find(id: PhysicianId): Promise<Physician | null> {
    return this.#access.read((tables) => ownedBy(this.#tenantId, tables.physicians.get(id)));
  }

  async findByUser(userId: UserId): Promise<Physician | null> {
    return this.#access.read(
      (tables) => this.#own(tables).find((physician) => physician.userId === userId) ?? null,
    );
  }

  async list(request: PageRequest): Promise<Page<Physician>> {
    return this.#access.read((tables) => keysetPage(this.#own(tables), request));
  }

  async add(physician: Physician): Promise<void> {
    assertOwnTenant(this.#tenantId, physician);
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, physician.userId);
      const exists = this.#own(tables).some(({ userId }) => userId === physician.userId);
      if (exists) throw new PhysicianExists();
      tables.physicians.add(physician.id, physician);
    });
  }

  async save(physician: Physician): Promise<void> {
    assertOwnTenant(this.#tenantId, physician);
    await this.#access.write((tables) => {
      const current = ownedBy(this.#tenantId, tables.physicians.get(physician.id));
      if (current?.version !== physician.version - 1) throw new PhysicianConflict();
      tables.physicians.set(physician.id, physician);
    });
  }

  async findAssignable(id: PhysicianId): Promise<Assignable | null> {
    return this.#access.read((tables) => {
      const physician = tables.physicians.get(id);
      if (!physician || !reaches(physician.tenantId, this.#tenantId)) return null;
      return assignableOf(tables, physician);
    });
  }

  async lockAssignable(id: PhysicianId): Promise<Assignable | null> {
    // Whoever changes him meanwhile makes this unit of work run again, so there is nothing to lock.
    return this.findAssignable(id);
  }

  #own(tables: ReadonlyMemoryTables): Physician[] {
    return [...tables.physicians.values()].filter((physician) => physician.tenantId === this.#tenantId);
  }
}
