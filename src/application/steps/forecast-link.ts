import { owedRecords } from '../../domain/legacy/owed-records.ts';
import type { CaseId, UserId } from '../../domain/shared/ids.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { BackfilledLink } from './backfill-link.ts';
import { type IsAstray, type LinkRowsFinding, rowsOfLink } from './rows-of-link.ts';

/** Whose rows would be by now, had they been given to those who own their identifiers. */
export type Forecast = Map<CaseId, UserId>;

/**
 * Says what would become of the rows that a link leads to; changes nothing. What an earlier link would have got is taken as got.
 *
 * @returns `null` where the vendor of the link belongs to another tenant by now
 */
export async function forecastLink(
  deps: LinkRowsFinding,
  link: StoredLink,
  isAstray: IsAstray,
  forecast: Forecast,
): Promise<BackfilledLink | null> {
  if (await isAstray(link)) return null;
  const found = await rowsOfLink(deps, link);
  const records = found.map((record) => ({
    ...record,
    ownerId: record.ownerId ?? forecast.get(record.caseId) ?? null,
  }));
  const { ambiguous, others, owed, own } = owedRecords(link, records);
  for (const { caseId } of owed) forecast.set(caseId, link.userId);
  return {
    rows: owed.length,
    own: own.length,
    others: others.length,
    ambiguous: ambiguous.length,
    held: 0,
  };
}
