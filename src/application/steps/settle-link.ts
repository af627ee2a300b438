import type { Actor } from '../../domain/access/actor.ts';
import { endLink, type LegacyLink, type LinkProof, proveLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { BatchRunId, UserId } from '../../domain/shared/ids.ts';
import type { SealedText } from '../ports/security/text-cipher.ts';
import type { StampedCase } from '../ports/stores/legacy-link-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { followLink } from './follow-link.ts';

/** What linking an account to an identifier, and parting them, needs besides the stores. */
export interface LinkSettling {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
}

type LinkStores = Pick<Stores, 'legacyLinks' | 'cases' | 'audit'>;

/** Who decides about a link, and why. */
export interface LinkDecision {
  readonly actor: Actor;
  /** The admin whose decision it is; `null` where it is nobody's. */
  readonly decidedBy: UserId | null;
  /** Sealed for the link; `null` where nobody said. */
  readonly reason: SealedText | null;
}

/** A link that is about to count. */
export interface LinkToSettle extends LinkDecision {
  readonly link: LegacyLink;
  readonly proof: LinkProof;
  /** The rows that say the identifier; those that somebody owns already stay his. */
  readonly records: readonly LegacyRecord[];
  /** Of the batch that does it; `null` where none does. */
  readonly runId: BatchRunId | null;
}

/** Nobody decides by himself what he has proven. */
export const decidedByNobody = (actor: Actor): LinkDecision => ({ actor, decidedBy: null, reason: null });

/**
 * Makes a link count, within a unit of work: the rows that say its identifier get their owner, and adopted cases follow.
 *
 * @returns how many rows are the account's by this; `null` where somebody else has changed the link meanwhile: nothing is to be kept
 * @throws {IdentifierTaken}
 */
export async function settleLink(
  deps: LinkSettling,
  stores: LinkStores,
  { actor, decidedBy, link, proof, reason, records, runId }: LinkToSettle,
): Promise<number | null> {
  const now = deps.clock.now();
  const linked = proveLink(link, proof, now, decidedBy);
  if (!(await stores.legacyLinks.save(linked, reason))) return null;
  const stamped = await stores.legacyLinks.stamp(linked, records, runId, now);
  await followLink(deps, stores, { actor, stamped, userId: link.userId });
  const subject = { type: 'legacy-link', id: link.id };
  const details = { user: link.userId, kind: link.kind, proof, cases: stamped.length };
  await stores.audit.add(
    auditEntryOf(deps.idGenerator, actor, { action: 'legacy.linked', subject, details }, now),
  );
  return stamped.length;
}

/** The same account's other links, with the rows that say their identifiers. */
export type OtherLinks = readonly { readonly link: LegacyLink; readonly records: readonly LegacyRecord[] }[];

/**
 * Parts an account from an identifier, within a unit of work: exactly the rows that the link had stamped lose their owner. Those that
 * another link of the account leads to as well are stamped by that one.
 *
 * @param others loaded before
 * @returns `false` where somebody else has changed the link meanwhile: nothing is to be kept
 */
export async function partLink(
  deps: LinkSettling,
  stores: LinkStores,
  { actor, decidedBy, link, reason }: LinkDecision & { readonly link: LegacyLink },
  others: OtherLinks,
): Promise<boolean> {
  const now = deps.clock.now();
  if (!(await stores.legacyLinks.save(endLink(link, now, decidedBy), reason))) return false;
  const freed = await stores.legacyLinks.unstamp(link.id);
  const kept = await stampByOthers(stores, freed, others, now);
  const lost = freed.filter(({ caseId }) => !kept.has(caseId));
  await followLink(deps, stores, { actor, stamped: lost, userId: null });
  const subject = { type: 'legacy-link', id: link.id };
  const details = { user: link.userId, kind: link.kind, cases: lost.length };
  await stores.audit.add(
    auditEntryOf(deps.idGenerator, actor, { action: 'legacy.unlinked', subject, details }, now),
  );
  return true;
}

async function stampByOthers(
  { legacyLinks }: Pick<Stores, 'legacyLinks'>,
  freed: readonly StampedCase[],
  others: OtherLinks,
  now: Date,
): Promise<ReadonlySet<string>> {
  const ids = new Set(freed.map(({ caseId }) => caseId));
  const kept = new Set<string>();
  for (const { link, records } of others) {
    const shared = records.filter(({ caseId }) => ids.has(caseId) && !kept.has(caseId));
    if (shared.length === 0) continue;
    for (const { caseId } of await legacyLinks.stamp(link, shared, null, now)) kept.add(caseId);
  }
  return kept;
}
