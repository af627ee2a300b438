import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';

/** A tenant's data key at rest. */
export interface StoredDataKey {
  readonly id: string;
  readonly tenantId: TenantId;
  /** Encrypted under the master key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: Date;
  /** Since when nothing new is sealed under it; `null` for the tenant's current key. */
  readonly retiredAt: Date | null;
}

/** A key that takes the place of its tenant's current one. */
export interface DataKeySuccession {
  /** The key that was current when this one was made. */
  readonly formerId: string;
  readonly key: StoredDataKey;
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
  /** The current keys of all tenants that have one, in no particular order. */
  readonly listCurrent: () => Promise<readonly StoredDataKey[]>;
  /**
   * Retires the former keys and adds the new ones, and keeps the audit entry: all of it, or nothing. A former key that is no longer
   * current is passed over, so that of several who replace it at once one does; without any that was, nothing is kept. Other processes
   * are told.
   *
   * @returns how many keys were replaced
   */
  readonly replaceCurrent: (
    successions: readonly DataKeySuccession[],
    now: Date,
    audit: AuditEntry,
  ) => Promise<number>;
  /** When a key of any tenant was retired last; `null` where there is no retired one. */
  readonly lastRetirement: () => Promise<Date | null>;
  /** The keys of all tenants that were retired before then, the first one first. */
  readonly listRetiredBefore: (before: Date) => Promise<readonly StoredDataKey[]>;
  /**
   * Removes a retired key for good, and keeps the audit entry with it: both, or neither.
   *
   * @returns `false` where a text is still sealed under it, it is current, or the tenant has no such key
   */
  readonly destroy: (tenantId: TenantId, id: string, audit: AuditEntry) => Promise<boolean>;
}
