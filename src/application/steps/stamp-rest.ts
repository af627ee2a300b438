import { Unavailable } from '../../domain/access/errors.ts';
import type { LinkToSettle } from './settle-link.ts';
import { partsOf, type PartStamping, ROWS_AT_ONCE, stampPart } from './stamp-part.ts';

/**
 * Gives the rows that {@link settleLink} has left to the account, part by part, after the unit of work in which the link came to count.
 * Broken off, or where the store is out of reach meanwhile, the others wait for the next backfill: the link counts anyway.
 *
 * @returns how many rows are the account's by this
 */
export async function stampRest(
  deps: PartStamping,
  { actor, link, records }: Pick<LinkToSettle, 'actor' | 'link' | 'records'>,
): Promise<number> {
  let rows = 0;
  try {
    for (const part of partsOf(records.slice(ROWS_AT_ONCE))) {
      const stamped = await stampPart(deps, { actor, link, runId: null }, part);
      if (stamped === null) return rows;
      rows += stamped;
    }
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  }
  return rows;
}
