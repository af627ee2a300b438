import type {
  DataKeyStore,
  DataKeySuccession,
  StoredDataKey,
} from '../../../application/ports/stores/data-key-store.ts';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { ownedBy } from '../own-tenant.ts';
import { SEALED_COLUMNS, sealedTextsIn } from '../sealed-texts.ts';

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

  async listCurrent(): Promise<readonly StoredDataKey[]> {
    return this.#access.read((tables) => [...tables.dataKeys.values()].filter(isCurrent));
  }

  async replaceCurrent(
    successions: readonly DataKeySuccession[],
    now: Date,
    audit: AuditEntry,
  ): Promise<number> {
    return this.#access.write((tables) => {
      const replaced = successions.filter(({ formerId, key }) => {
        const former = ownedBy(key.tenantId, tables.dataKeys.get(formerId));
        if (!former || !isCurrent(former)) return false;
        tables.dataKeys.set(formerId, { ...former, retiredAt: now });
        tables.dataKeys.add(key.id, key);
        return true;
      });
      if (replaced.length > 0) tables.auditEntries.add(audit.id, audit);
      return replaced.length;
    });
  }

  async lastRetirement(): Promise<Date | null> {
    return this.#access.read(
      (tables) => retiredBefore(tables, Number.POSITIVE_INFINITY).at(-1)?.retiredAt ?? null,
    );
  }

  async listRetiredBefore(before: Date): Promise<readonly StoredDataKey[]> {
    return this.#access.read((tables) => retiredBefore(tables, before.getTime()));
  }

  async destroy(tenantId: TenantId, id: string, audit: AuditEntry): Promise<boolean> {
    return this.#access.write((tables) => {
      const key = ownedBy(tenantId, tables.dataKeys.get(id));
      if (!key || isCurrent(key) || isInUse(tables, id)) return false;
      tables.dataKeys.delete(id);
      tables.auditEntries.add(audit.id, audit);
      return true;
    });
  }
}

const currentKey = (tables: ReadonlyMemoryTables, tenantId: TenantId): StoredDataKey | null =>
  [...tables.dataKeys.values()].find((key) => key.tenantId === tenantId && isCurrent(key)) ?? null;

/** By milliseconds since the epoch; the first one first. */
const retiredBefore = (tables: ReadonlyMemoryTables, before: number): readonly StoredDataKey[] =>
  [...tables.dataKeys.values()]
    .filter((key) => retirementOf(key) < before)
    .sort((a, b) => retirementOf(a) - retirementOf(b) || (a.id < b.id ? -1 : 1));

/** Milliseconds since the epoch; a current key's has not come. */
const retirementOf = ({ retiredAt }: StoredDataKey): number =>
  retiredAt?.getTime() ?? Number.POSITIVE_INFINITY;

const isCurrent = ({ retiredAt }: StoredDataKey): boolean => retiredAt === null;

const isInUse = (tables: ReadonlyMemoryTables, id: string): boolean =>
  SEALED_COLUMNS.some((column) => sealedTextsIn(tables, column).some(({ sealed }) => sealed.keyId === id));
