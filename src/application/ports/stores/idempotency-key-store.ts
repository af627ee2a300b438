import type { TenantId } from '../../../domain/shared/ids.ts';

/** What a key stands for: the request that came with it first, and what that made. */
export interface IdempotencyRecord {
  /** Keyed hash of the key and of whose it is, 32 octets. */
  readonly keyHash: Uint8Array;
  readonly tenantId: TenantId;
  /** Keyed hash of the request, 32 octets. */
  readonly fingerprint: Uint8Array;
  /** What the request made. */
  readonly resourceId: string;
  readonly createdAt: Date;
  /** From then on the record counts as absent. */
  readonly expiresAt: Date;
}

/** What became of an attempt to be the first with a key. */
export type IdempotencyClaim =
  /** The caller is the first: the record is kept with the rest of the unit of work, or not at all. */
  | { readonly kind: 'claimed' }
  /** Somebody was first. */
  | { readonly kind: 'known'; readonly record: IdempotencyRecord }
  /** Another unit of work has claimed the key, and may yet be kept or not. Stores whose units of work take turns never say so. */
  | { readonly kind: 'in-use' };

/** What the keys of one tenant's callers stand for. */
export interface IdempotencyKeyStore {
  /** @returns `null` where the key stands for nothing (any more) */
  readonly find: (keyHash: Uint8Array, now: Date) => Promise<IdempotencyRecord | null>;
  /**
   * Adds the record where its key stands for nothing at its `createdAt`: of many at once, one does. Called within a unit of work, before
   * anything else of it; never waits for another unit of work.
   */
  readonly claim: (record: IdempotencyRecord) => Promise<IdempotencyClaim>;
}
