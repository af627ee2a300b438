import type { TenantStore } from '../../../application/ports/stores/tenant-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { SlugTaken, TenantConflict } from '../../../domain/tenancy/errors.ts';
import type { Tenant } from '../../../domain/tenancy/tenant.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** Every tenant, in memory. */
export class MemoryTenantStore implements TenantStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async find(id: TenantId): Promise<Tenant | null> {
    return this.#access.read((tables) => tables.tenants.get(id) ?? null);
  }

  async findBySlug(slug: string): Promise<Tenant | null> {
    return this.#access.read(
      (tables) => [...tables.tenants.values()].find((tenant) => tenant.slug === slug) ?? null,
    );
  }

  async list(request: PageRequest): Promise<Page<Tenant>> {
    return this.#access.read((tables) => keysetPage([...tables.tenants.values()], request));
  }

  async add(tenant: Tenant): Promise<void> {
    await this.#access.write((tables) => {
      if ([...tables.tenants.values()].some((other) => other.slug === tenant.slug)) throw new SlugTaken();
      tables.tenants.add(tenant.id, tenant);
    });
  }

  async save(tenant: Tenant): Promise<void> {
    await this.#access.write((tables) => {
      if (tables.tenants.get(tenant.id)?.version !== tenant.version - 1) throw new TenantConflict();
      tables.tenants.set(tenant.id, tenant);
    });
  }
}
