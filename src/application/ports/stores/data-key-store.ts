import type { TenantId } from '../../../domain/shared/ids.ts';

/** A tenant's data key at rest. */
export interface StoredDataKey {
  readonly id: string;
  readonly tenantId: TenantId;
  /** Encrypted under the master key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: Date;
}

/** The data keys of all tenants, wrapped. */
export interface DataKeyStore {
  /** @returns `null` where the tenant has none yet */
  readonly findCurrent: (tenantId: TenantId) => Promise<StoredDataKey | null>;
  /** @returns `null` where the tenant has no such key */
  readonly find: (tenantId: TenantId, id: string) => Promise<StoredDataKey | null>;
  /**
   * Adds a tenant's first key.
   *
   * @returns the key that stands: this one, or the one that somebody else added first
   */
  readonly addFirst: (key: StoredDataKey) => Promise<StoredDataKey>;
}
