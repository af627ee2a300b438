import type { Actor } from '../../domain/access/actor.ts';
import { Unavailable } from '../../domain/access/errors.ts';
import { CaseConflict } from '../../domain/cases/errors.ts';
import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import type { BatchRunId } from '../../domain/shared/ids.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from './audit-entry-of.ts';
import { followLink, type LinkFollowing } from './follow-link.ts';

/** Rows that one unit of work gives their owner at most: so many are held at a time. */
export const ROWS_AT_ONCE = 100;

/** What giving rows to the account of a link needs. */
export interface PartStamping extends LinkFollowing {
  readonly unitOfWork: UnitOfWork<'legacyLinks' | 'cases' | 'audit'>;
}

/** By which link rows get their owner, on whose behalf. */
export interface StampingLink {
  readonly actor: Actor;
  readonly link: Pick<LegacyLink, 'id' | 'tenantId' | 'userId'>;
  /** Of the batch that does it; `null` where none does. */
  readonly runId: BatchRunId | null;
}

/** The records in parts that one unit of work may take. */
export const partsOf = (records: readonly LegacyRecord[]): readonly (readonly LegacyRecord[])[] =>
  Array.from({ length: Math.ceil(records.length / ROWS_AT_ONCE) }, (_, index) =>
    records.slice(index * ROWS_AT_ONCE, (index + 1) * ROWS_AT_ONCE),
  );

/**
 * Gives a part of the rows that a link leads to to its account, in a unit of work of its own.
 *
 * @returns how many are the account's by this: none where somebody acts on one of their cases all the time; `null` where the link, or the
 *   batch, is over by now
 * @throws {Unavailable}
 */
export async function stampPart(
  deps: PartStamping,
  stamping: StampingLink,
  records: readonly LegacyRecord[],
): Promise<number | null> {
  const { id, tenantId } = stamping.link;
  try {
    return await deps.unitOfWork.run(tenantId, (stores) => stampWithin(deps, stores, stamping, records));
  } catch (error) {
    // Whoever acts on a case is as one who holds its row.
    if (error instanceof CaseConflict) return 0;
    // He may as well be at it for longer than is waited for him. Where the store is out of reach, this finds it so, too.
    if (error instanceof Unavailable && (await deps.unitOfWork.stores(tenantId).legacyLinks.find(id))) {
      return 0;
    }
    throw error;
  }
}

async function stampWithin(
  deps: LinkFollowing,
  stores: Pick<Stores, 'legacyLinks' | 'cases' | 'audit'>,
  { actor, link, runId }: StampingLink,
  records: readonly LegacyRecord[],
): Promise<number | null> {
  const { legacyLinks } = stores;
  if (runId !== null && !(await legacyLinks.holdRun(runId))) return null;
  if (!(await legacyLinks.hold(link.id))) return null;
  const now = deps.clock.now();
  const stamped = await legacyLinks.stamp(link, records, runId, now);
  if (stamped.length === 0) return 0;
  await followLink(deps, stores, { actor, stamped, userId: link.userId });
  const run = runId === null ? {} : { run: runId };
  const details = { user: link.userId, cases: stamped.length, ...run };
  const act = { action: 'legacy.followed', subject: { type: 'legacy-link', id: link.id }, details };
  await stores.audit.add(auditEntryOf(deps.idGenerator, actor, act, now));
  return stamped.length;
}
