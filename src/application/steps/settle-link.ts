import type { Actor } from '../../domain/access/actor.ts';
import { endLink, type LegacyLink, type LinkProof, proveLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { SealedText } from '../ports/security/text-cipher.ts';
import type { StampedCase } from '../ports/stores/legacy-link-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { followLink } from './follow-link.ts';
import { ROWS_AT_ONCE } from './stamp-part.ts';

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
}

/** Nobody decides by himself what he has proven. */
export const decidedByNobody = (actor: Actor): LinkDecision => ({ actor, decidedBy: null, reason: null });

/**
 * Makes a link count, within a unit of work: the first hundred rows that say its identifier get their owner, and adopted cases follow. The
 * others are for {@link stampRest}, once that is kept: the legacy service would wait for as long as many rows take.
 *
 * @returns how many rows are the account's by this; `null` where somebody else has changed the link meanwhile: nothing is to be kept
 * @throws {IdentifierTaken}
 */
export async function settleLink(
  deps: LinkSettling,
  stores: LinkStores,
  { actor, decidedBy, link, proof, reason, records }: LinkToSettle,
): Promise<number | null> {
  const now = deps.clock.now();
  const linked = proveLink(link, proof, now, decidedBy);
  if (!(await stores.legacyLinks.save(linked, reason))) return null;
  const stamped = await stores.legacyLinks.stamp(linked, records.slice(0, ROWS_AT_ONCE), null, now);
  await followLink(deps, stores, { actor, stamped, userId: link.userId });
  const subject = { type: 'legacy-link', id: link.id };
  const details = { user: link.userId, kind: link.kind, proof, cases: stamped.length };
  await stores.audit.add(
    auditEntryOf(deps.idGenerator, actor, { action: 'legacy.linked', subject, details }, now),
  );
  return stamped.length;
}

/** The same account's other links, with the rows that it is owed by them. */
export type OtherLinks = readonly { readonly link: LegacyLink; readonly records: readonly LegacyRecord[] }[];

/**
 * Parts an account from an identifier, within a unit of work: exactly the rows that the link had stamped lose their owner. Those that
 * another link of the account leads to as well are stamped by that one, which is told as such.
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
  const kept = await stampByOthers(deps, stores, actor, { freed, others });
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
  { clock, idGenerator }: LinkSettling,
  { audit, legacyLinks }: Pick<Stores, 'legacyLinks' | 'audit'>,
  actor: Actor,
  { freed, others }: { readonly freed: readonly StampedCase[]; readonly others: OtherLinks },
): Promise<ReadonlySet<string>> {
  const now = clock.now();
  const ids = new Set(freed.map(({ caseId }) => caseId));
  const kept = new Set<string>();
  for (const { link, records } of others) {
    const shared = records.filter(({ caseId }) => ids.has(caseId) && !kept.has(caseId));
    if (shared.length === 0) continue;
    const stamped = await legacyLinks.stamp(link, shared, null, now);
    if (stamped.length === 0) continue;
    for (const { caseId } of stamped) kept.add(caseId);
    const details = { user: link.userId, cases: stamped.length };
    const act = { action: 'legacy.followed', subject: { type: 'legacy-link', id: link.id }, details };
    await audit.add(auditEntryOf(idGenerator, actor, act, now));
  }
  return kept;
}
