import type { LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { BatchRunId, LegacyLinkId, TenantId } from '../../../domain/shared/ids.ts';
import type { StoredLink } from './legacy-link-store.ts';

/** The links of all tenants that count: for whoever comes with an identifier and has told no tenant, and for work on all of them. */
export interface LegacyLinkDirectory {
  /** The links to these identifiers; one at most for each, in no order. @param identifierHashes 32 octets each */
  readonly findLinked: (identifierHashes: readonly Uint8Array[]) => Promise<readonly LegacyLink[]>;
  /** The next links by their ids. @param after the last one seen; `null` begins */
  readonly nextLinked: (after: LegacyLinkId | null, limit: number) => Promise<readonly StoredLink[]>;
  /** How many links count. */
  readonly countLinked: () => Promise<number>;
  /** How many rows have their owner by a batch, by the tenant of the owner; only tenants that have such rows. */
  readonly countStampedBy: (runId: BatchRunId) => Promise<ReadonlyMap<TenantId, number>>;
}
