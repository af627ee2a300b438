import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';

/** A data key that nothing new is sealed under. */
export interface RetiredDataKey {
  readonly id: string;
  readonly tenantId: TenantId;
}

/** Replaces the keys that encrypt tenants' data. */
export interface DataKeyRotation {
  /**
   * Gives each tenant that has a key a new current one. The former ones go on opening what they sealed. All tenants get theirs and the
   * audit entry is kept, or nothing happens; of several who rotate at once one does. Every process seals with the new keys as soon as it
   * hears of it, at once as a rule and within a minute at the latest.
   *
   * @returns how many tenants got a new key
   * @throws {Unavailable} when keys cannot be had
   */
  readonly rotate: (now: Date, audit: AuditEntry) => Promise<number>;
  /**
   * When a key was retired last.
   *
   * @returns `null` where there is no retired one
   * @throws {Unavailable}
   */
  readonly lastRetirement: () => Promise<Date | null>;
  /**
   * The keys that were retired before then, the first one first.
   *
   * @throws {Unavailable}
   */
  readonly listRetiredBefore: (before: Date) => Promise<readonly RetiredDataKey[]>;
  /**
   * Destroys a retired key (NIST SP 800-57 part 1, 8.3.4), and keeps the audit entry with it: both, or neither.
   *
   * @returns `false` where a text is still sealed under it, or there is no such key
   * @throws {Unavailable}
   */
  readonly destroy: (key: RetiredDataKey, audit: AuditEntry) => Promise<boolean>;
}
