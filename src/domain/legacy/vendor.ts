import type { PoolName } from '../shared/pool-name.ts';
import type { LegacyIdentifierKind } from './legacy-identifier.ts';

/** What the installation knows of a partner whose people the legacy service served. */
export interface Vendor {
  /** In its normal form; `null` for rows that name none. */
  readonly vendorId: string | null;
  /** Slug of the tenant that its people and cases belong to. The tenant may not have been made yet. */
  readonly tenant: string;
  /** The closed pool that its cases go to; `null` leaves them to the pool of the tenant. */
  readonly privatePool: PoolName | null;
  /** What kind of identifier its rows hold; `null` where nobody said, and each row is judged by itself. */
  readonly identifierKind: LegacyIdentifierKind | null;
}

/** Whose rows belong to a tenant: those of some vendors only, or those of all others, rows without a vendor included. */
export interface VendorScope {
  readonly kind: 'only' | 'except';
  /** In normal form. */
  readonly vendorIds: readonly string[];
}

/** Whether the rows of a vendor (in normal form, `null` for none) are within the scope. */
export function isInVendorScope(scope: VendorScope, vendorId: string | null): boolean {
  const isListed = vendorId !== null && scope.vendorIds.includes(vendorId);
  return scope.kind === 'only' ? isListed : !isListed;
}
