import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { owedRecords } from '../../domain/legacy/owed-records.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { astrayness, type LinkRowsFinding, rowsOfLink } from './rows-of-link.ts';
import type { OtherLinks } from './settle-link.ts';

/** What loading an account's other links needs. */
export interface OtherLinksLoading extends LinkRowsFinding {
  readonly unitOfWork: UnitOfWork<'legacyLinks' | 'tenants'>;
}

/** The links that the account of a link has besides it, each with the rows that would be owed to it by them, were none its own yet. */
export async function otherLinksOf(
  deps: OtherLinksLoading,
  { id, tenantId, userId }: LegacyLink,
): Promise<OtherLinks> {
  const linked = await deps.unitOfWork.stores(tenantId).legacyLinks.listLinked(userId);
  const isAstray = astrayness(deps);
  const others = linked.map(async (link) => {
    if (link.id === id || (await isAstray(link))) return [];
    const records = await rowsOfLink(deps, link);
    const freed = records.map((record) =>
      record.ownerId === userId ? { ...record, ownerId: null } : record,
    );
    return [{ link, records: owedRecords(link, freed).owed }];
  });
  return (await Promise.all(others)).flat();
}
