import { isPlaceholder } from '../../domain/legacy/legacy-identifier.ts';
import type { LegacyFindingKind } from '../../domain/legacy/legacy-finding.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { LegacyLinkId } from '../../domain/shared/ids.ts';
import { hexOf, sameOctets } from '../../domain/shared/octets.ts';
import type { ComparedRow } from '../ports/legacy/legacy-index.ts';
import type { KnownStamp, LegacyReconciliation } from '../ports/legacy/legacy-reconciliation.ts';
import type { LegacyLookup, LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import type { LegacyLinkDirectory } from '../ports/stores/legacy-link-directory.ts';
import type { Clock } from '../ports/system/clock.ts';
import { indexLegacyRow, isIndexed } from './index-legacy-row.ts';
import { leadsToSeveral } from './leads-to-several.ts';
import type { LegacyLookingUp } from './legacy-lookup.ts';
import type { IsAstray } from './rows-of-link.ts';

/** What comparing rows with what is known of them needs. */
export interface RowComparing extends LegacyLookingUp {
  readonly clock: Clock;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  readonly legacyReconciliation: LegacyReconciliation;
  readonly legacyRequests: LegacyRequests;
}

/** What is told of links on the way. */
export interface LinkJudgement {
  readonly isAstray: IsAstray;
  /** Whether links lead to several people, as far as that was looked at; filled in. */
  readonly doubtful: Map<LegacyLinkId, boolean>;
}

/** A link that a row leads to, and how. */
interface LedTo {
  readonly link: LegacyLink;
  readonly lookup: LegacyLookup;
}

/** A row, by what it is found, by what it has its owner, and which links it leads to. */
interface SeenRow {
  readonly record: LegacyRecord;
  readonly lookups: readonly LegacyLookup[];
  readonly stamp: KnownStamp | undefined;
  readonly leadsTo: readonly LedTo[];
}

/**
 * Compares rows with the index, with what their owners are known by, and with the links that they lead to.
 *
 * @param tell takes each finding
 */
export async function compareLegacyRows(
  deps: RowComparing,
  compared: readonly ComparedRow[],
  judgement: LinkJudgement,
  tell: (kind: LegacyFindingKind, id: string) => void,
): Promise<void> {
  const now = deps.clock.now();
  const indexed = compared.map((both) => ({ ...indexLegacyRow(deps, both, now), known: both.entry }));
  for (const { entry, known, row } of indexed) {
    if (known && !isIndexed(entry, known)) tell('index-outdated', row.caseId);
  }
  for (const seen of await seenRows(deps, indexed)) {
    const { lookups, record } = seen;
    const isNobody = lookups.every(({ kind, normal }) => isPlaceholder(kind, normal));
    if (isNobody) tell('nobody-named', record.caseId);
    const finding =
      record.ownerId === null ? await findingOfFree(deps, seen, judgement) : findingOfOwned(seen);
    if (finding) tell(finding, record.caseId);
  }
}

async function seenRows(
  { legacyLinkDirectory, legacyReconciliation }: RowComparing,
  rows: readonly { readonly row: LegacyRecord; readonly lookups: readonly LegacyLookup[] }[],
): Promise<readonly SeenRow[]> {
  const stamps = await legacyReconciliation.stampsOf(rows.map(({ row }) => row.caseId));
  const stampOf = new Map(stamps.map((stamp) => [stamp.caseId, stamp]));
  const hashes = new Map(
    rows.flatMap(({ lookups }) => lookups.map(({ hash }) => [hexOf(hash), hash] as const)),
  );
  const links = await legacyLinkDirectory.findLinked([...hashes.values()]);
  const linkOf = new Map(links.map((link) => [hexOf(link.identifierHash), link]));
  return rows.map(({ lookups, row }) => ({
    record: row,
    lookups,
    stamp: stampOf.get(row.caseId),
    leadsTo: lookups.flatMap((lookup) => {
      const link = linkOf.get(hexOf(lookup.hash));
      return link ? [{ link, lookup }] : [];
    }),
  }));
}

function findingOfOwned({ leadsTo, lookups, record, stamp }: SeenRow): LegacyFindingKind | null {
  if (!stamp) return 'owner-unexplained';
  if (stamp.userId !== record.ownerId) return 'owner-changed';
  if (stamp.link.status !== 'linked') return 'link-ended';
  const isSaid = lookups.some(({ hash }) => sameOctets(hash, stamp.link.identifierHash));
  if (!isSaid) return 'identifier-changed';
  return leadsTo.some(({ link }) => link.userId !== record.ownerId) ? 'rival-owner' : null;
}

/** Of a row that nobody owns: whether somebody should. */
async function findingOfFree(
  deps: RowComparing,
  { leadsTo, stamp }: SeenRow,
  { doubtful, isAstray }: LinkJudgement,
): Promise<LegacyFindingKind | null> {
  if (stamp) return 'owner-changed';
  let finding: LegacyFindingKind | null = null;
  for (const { link, lookup } of leadsTo) {
    if (await isAstray(link)) continue;
    const isDoubtful = doubtful.get(link.id) ?? (await leadsToSeveral(deps, link, lookup));
    doubtful.set(link.id, isDoubtful);
    if (!isDoubtful) return 'owner-missing';
    finding = 'owner-doubtful';
  }
  return finding;
}
