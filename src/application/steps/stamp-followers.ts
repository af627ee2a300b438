import { Unavailable } from '../../domain/access/errors.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { isAmbiguous, type LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import { hexOf } from '../../domain/shared/octets.ts';
import type { LegacyLookup, LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { followLink, type LinkFollowing } from './follow-link.ts';
import type { IndexedRow } from './index-legacy-row.ts';
import type { LegacyLookingUp } from './legacy-lookup.ts';
import { PartFailed } from './part-failed.ts';
import { tenantOfVendor } from './vendor-tenant.ts';

/** What letting new rows go to those who own their identifiers needs. */
export interface StampingFollowers extends LegacyLookingUp, LinkFollowing {
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'tenants' | 'legacyLinks' | 'cases' | 'audit'>;
}

/** Rows that say one identifier. */
interface Followers {
  readonly lookup: LegacyLookup;
  readonly records: LegacyRecord[];
}

/**
 * Gives rows that nobody owns to the account whose link their identifier is to. An identifier that several people turn out to share gives
 * nobody anything, unless an admin has approved the link: he knew.
 *
 * @param failures takes {@link PartFailed} of links that failed; the others go on
 * @returns how many rows got their owner
 * @throws {Unavailable}
 */
export async function stampFollowers(
  deps: StampingFollowers,
  rows: readonly IndexedRow[],
  failures: unknown[],
): Promise<number> {
  const byHash = followersOf(rows);
  const hashes = [...byHash.values()].map(({ lookup }) => lookup.hash);
  let stamped = 0;
  for (const link of hashes.length === 0 ? [] : await deps.legacyLinkDirectory.findLinked(hashes)) {
    const followers = byHash.get(hexOf(link.identifierHash));
    if (!followers) continue;
    try {
      stamped += await stampFor(deps, link, followers);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      failures.push(new PartFailed(`legacy link ${link.id}`, error));
    }
  }
  return stamped;
}

function followersOf(rows: readonly IndexedRow[]): ReadonlyMap<string, Followers> {
  const byHash = new Map<string, Followers>();
  for (const { row, lookups } of rows) {
    if (row.ownerId !== null) continue;
    for (const lookup of lookups) {
      const key = hexOf(lookup.hash);
      const followers = byHash.get(key) ?? { lookup, records: [] };
      followers.records.push(row);
      byHash.set(key, followers);
    }
  }
  return byHash;
}

async function stampFor(deps: StampingFollowers, link: LegacyLink, followers: Followers): Promise<number> {
  const { clock, idGenerator, legacyRequests, unitOfWork, vendorDirectory } = deps;
  const { lookup, records } = followers;
  const tenant = await tenantOfVendor(unitOfWork, vendorDirectory.find(lookup.vendorId));
  if (tenant?.id !== link.tenantId) return 0;
  if (link.proof !== 'admin') {
    const others = await legacyRequests.findByIdentifier(lookup);
    if (isAmbiguous(lookup.kind, [...others, ...records])) return 0;
  }
  const actor = { kind: 'system', tenantId: link.tenantId } as const;
  return unitOfWork.run(link.tenantId, async (stores) => {
    const now = clock.now();
    const current = await stores.legacyLinks.find(link.id);
    if (current?.status !== 'linked') return 0;
    const stamped = await stores.legacyLinks.stamp(link, records, null, now);
    if (stamped.length === 0) return 0;
    await followLink(deps, stores, { actor, stamped, userId: link.userId });
    const subject = { type: 'legacy-link', id: link.id };
    const details = { user: link.userId, cases: stamped.length };
    const act = { action: 'legacy.followed', subject, details };
    await stores.audit.add(auditEntryOf(idGenerator, actor, act, now));
    return stamped.length;
  });
}
