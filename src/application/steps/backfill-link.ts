import type { LegacyRecord } from '../../domain/legacy/legacy-record.ts';
import { owedRecords } from '../../domain/legacy/owed-records.ts';
import type { BatchRunId } from '../../domain/shared/ids.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LinkFollowing } from './follow-link.ts';
import { type IsAstray, type LinkRowsFinding, rowsOfLink } from './rows-of-link.ts';
import { partsOf, stampPart } from './stamp-part.ts';

/** How often rows are tried that somebody holds, and seconds between. */
const TRIES = 4;
const REST_SECONDS = 0.3;

/** What giving the rows of links to their accounts needs. */
export interface LinkBackfilling extends LinkRowsFinding, LinkFollowing {
  readonly unitOfWork: UnitOfWork<'tenants' | 'legacyLinks' | 'cases' | 'audit'>;
}

/** What became of the rows that say the identifier of a link. */
export interface BackfilledLink {
  /** Those that are the account's by this. */
  readonly rows: number;
  /** Those that were its own before. */
  readonly own: number;
  /** Those of another account. */
  readonly others: number;
  /** Those that nobody owns and that are of several people perhaps. */
  readonly ambiguous: number;
  /** Those that somebody held all the time. */
  readonly held: number;
}

/** Of which run it is, which links are left out, and how to wait so many seconds. */
export interface Backfilling {
  readonly runId: BatchRunId;
  readonly isAstray: IsAstray;
  readonly wait: (seconds: number) => Promise<void>;
}

/**
 * Gives the rows that a link leads to, and that nobody owns, to its account; some hundred at a time.
 *
 * @returns `null` where the vendor of the link belongs to another tenant by now
 */
export async function backfillLink(
  deps: LinkBackfilling,
  link: StoredLink,
  { isAstray, runId, wait }: Backfilling,
): Promise<BackfilledLink | null> {
  if (await isAstray(link)) return null;
  let rows = 0;
  for (let tries = 1; ; tries += 1) {
    const { ambiguous, others, owed, own } = owedRecords(link, await rowsOfLink(deps, link));
    const stamped = await stampInParts(deps, link, owed, runId);
    rows += stamped ?? 0;
    const held = stamped === null ? 0 : owed.length - stamped;
    if (held === 0 || tries === TRIES) {
      const before = own.length - (rows - (stamped ?? 0));
      return { rows, own: before, others: others.length, ambiguous: ambiguous.length, held };
    }
    await wait(REST_SECONDS);
  }
}

/** @returns how many rows are the account's by this; `null` where the link or the run has ended */
async function stampInParts(
  deps: LinkBackfilling,
  link: StoredLink,
  owed: readonly LegacyRecord[],
  runId: BatchRunId,
): Promise<number | null> {
  const actor = { kind: 'system', tenantId: link.tenantId } as const;
  let rows = 0;
  for (const part of partsOf(owed)) {
    const stamped = await stampPart(deps, { actor, link, runId }, part);
    if (stamped === null) return null;
    rows += stamped;
  }
  return rows;
}
