import { Unavailable } from '../../domain/access/errors.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { CaseId, LegacyLinkId } from '../../domain/shared/ids.ts';
import { hexOf } from '../../domain/shared/octets.ts';
import type { LegacyLookup, LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LinkFollowing } from './follow-link.ts';
import type { IndexedRow } from './index-legacy-row.ts';
import { leadsToSeveral } from './leads-to-several.ts';
import type { LegacyLookingUp } from './legacy-lookup.ts';
import { PartFailed } from './part-failed.ts';
import { astrayness } from './rows-of-link.ts';
import { partsOf, stampPart } from './stamp-part.ts';

/** What letting new rows go to those who own their identifiers needs. */
export interface StampingFollowers extends LegacyLookingUp, LinkFollowing {
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly legacyRequests: LegacyRequests;
  readonly unitOfWork: UnitOfWork<'tenants' | 'legacyLinks' | 'cases' | 'audit'>;
}

/** What became of rows whose identifiers are linked. */
export interface FollowedRows {
  /** How many got their owner. */
  readonly stamped: number;
  /** Rows among which some are that somebody holds, or acts on, so that they could not be given to whom they are owed. */
  readonly held: ReadonlySet<CaseId>;
  /** Rows of links that failed. */
  readonly failed: ReadonlySet<CaseId>;
}

/** The same in the making. */
interface Following extends FollowedRows {
  stamped: number;
  /** Rows that have their owner by now. */
  readonly given: Set<CaseId>;
  readonly held: Set<CaseId>;
  readonly failed: Set<CaseId>;
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
 * @param failures takes {@link PartFailed} of links that failed, which are not tried again; the others go on
 * @throws {Unavailable}
 */
export async function stampFollowers(
  deps: StampingFollowers,
  rows: readonly IndexedRow[],
  failures: Map<LegacyLinkId, PartFailed>,
): Promise<FollowedRows> {
  const byHash = followersOf(rows);
  const isAstray = astrayness(deps);
  const hashes = [...byHash.values()].map(({ lookup }) => lookup.hash);
  const followed: Following = { stamped: 0, given: new Set(), held: new Set(), failed: new Set() };
  for (const link of hashes.length === 0 ? [] : await deps.legacyLinkDirectory.findLinked(hashes)) {
    const followers = byHash.get(hexOf(link.identifierHash));
    if (!followers) continue;
    try {
      if (!failures.has(link.id) && !(await isAstray(link))) await stampFor(deps, link, followers, followed);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      failures.set(link.id, new PartFailed(`legacy link ${link.id}`, error));
    }
    if (!failures.has(link.id)) continue;
    for (const { caseId } of followers.records) followed.failed.add(caseId);
  }
  return followed;
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

async function stampFor(
  deps: StampingFollowers,
  link: LegacyLink,
  { lookup, records }: Followers,
  followed: Following,
): Promise<void> {
  if (await leadsToSeveral(deps, link, lookup, records)) return;
  const actor = { kind: 'system', tenantId: link.tenantId } as const;
  // Another of their identifiers may have given them to somebody.
  const free = records.filter(({ caseId }) => !followed.given.has(caseId));
  for (const part of partsOf(free)) {
    const stamped = await stampPart(deps, { actor, link, runId: null }, part);
    if (stamped === null) return;
    followed.stamped += stamped;
    const whole = stamped === part.length ? followed.given : followed.held;
    for (const { caseId } of part) whole.add(caseId);
  }
}
