import { isPlaceholder } from '../../domain/legacy/legacy-identifier.ts';
import { identifiersOf, isAmbiguous, type LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { LegacyReconciliation } from '../ports/legacy/legacy-reconciliation.ts';
import type { LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import { legacyLookup, type LegacyLookingUp } from './legacy-lookup.ts';

/** What finding identifiers of several people needs. */
export interface SharedListing extends LegacyLookingUp {
  readonly legacyReconciliation: LegacyReconciliation;
  readonly legacyRequests: LegacyRequests;
}

/** In how many parts they are gone through: none takes long. */
const PARTS = 16;

const KINDS = ['national_id', 'phone', 'email'] as const;

/**
 * Finds the identifiers that lead to several people, as far as the index goes, each held against the live rows.
 *
 * @param tell takes one row of each
 */
export async function listSharedIdentifiers(deps: SharedListing, tell: (id: CaseId) => void): Promise<void> {
  const parts = Array.from({ length: PARTS }, (_, part) => part);
  for (const [kind, part] of KINDS.flatMap((kind) => parts.map((part) => [kind, part] as const))) {
    for (const record of await deps.legacyReconciliation.listShared(kind, part, PARTS)) {
      if (await isShared(deps, record, kind)) tell(record.caseId);
    }
  }
}

async function isShared(
  deps: SharedListing,
  record: LegacyRecord,
  kind: (typeof KINDS)[number],
): Promise<boolean> {
  const { identifierKind } = deps.vendorDirectory.find(record.vendorId);
  const identifier = identifiersOf(record, identifierKind).find((own) => own.kind === kind);
  if (!identifier || isPlaceholder(kind, identifier.normal)) return false;
  const lookup = legacyLookup(deps, record.vendorId, identifier);
  return isAmbiguous(kind, await deps.legacyRequests.findByIdentifier(lookup));
}
