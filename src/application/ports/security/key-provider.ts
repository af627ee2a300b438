import type { TenantId } from '../../../domain/shared/ids.ts';

/** A key for a tenant's data. */
export interface DataKey {
  readonly id: string;
  /** 32 octets; a secret. */
  readonly key: Uint8Array;
}

/** Provides the keys that encrypt a tenant's data; at rest they are wrapped under a master key (NIST SP 800-57 part 1, 5.3.5). */
export interface KeyProvider {
  /**
   * The key for new data of the tenant; made when there is none, and then the same for all who ask at once.
   *
   * @throws {Unavailable} when keys cannot be had
   */
  readonly currentKey: (tenantId: TenantId) => Promise<DataKey>;
  /** @returns `null` where the tenant has no such key */
  readonly keyById: (tenantId: TenantId, keyId: string) => Promise<DataKey | null>;
}
