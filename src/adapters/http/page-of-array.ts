import type { Page, PagePosition, PageRequest } from '../../domain/shared/page.ts';

/**
 * One page of a list that is read whole.
 *
 * @param positionOf where an entry stands; the list is in the order of falling positions
 */
export function pageOfArray<T>(
  list: readonly T[],
  { limit, after }: PageRequest,
  positionOf: (entry: T) => PagePosition,
): Page<T> {
  const isBeyond = (entry: T): boolean => {
    const { createdAt, id } = positionOf(entry);
    if (after === null || createdAt < after.createdAt) return true;
    return createdAt.getTime() === after.createdAt.getTime() && id < after.id;
  };
  const beyond = list.filter(isBeyond);
  const items = beyond.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && beyond.length > limit ? positionOf(last) : null };
}
