import type { DataKeyStore, StoredDataKey } from '../../../application/ports/stores/data-key-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { ownedBy } from '../own-tenant.ts';

/** The data keys of all tenants, in memory. */
export class MemoryDataKeyStore implements DataKeyStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async findCurrent(tenantId: TenantId): Promise<StoredDataKey | null> {
    return this.#access.read((tables) => currentKey(tables, tenantId));
  }

  async find(tenantId: TenantId, id: string): Promise<StoredDataKey | null> {
    return this.#access.read((tables) => ownedBy(tenantId, tables.dataKeys.get(id)));
  }

  async addFirst(key: StoredDataKey): Promise<StoredDataKey> {
    return this.#access.write((tables) => {
      const current = currentKey(tables, key.tenantId);
      if (!current) tables.dataKeys.add(key.id, key);
      return current ?? key;
    });
  }
}

const currentKey = (tables: ReadonlyMemoryTables, tenantId: TenantId): StoredDataKey | null =>
  [...tables.dataKeys.values()].find((key) => key.tenantId === tenantId) ?? null;
