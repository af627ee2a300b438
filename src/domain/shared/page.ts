/** Where a keyset page begins: after the record with this creation time and id, newest first. */
export interface PagePosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** What a list is asked for. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** The position of the last record already seen; `null` asks for the first page. */
  readonly after: PagePosition | null;
}

/** One page of a list, newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; `null` at the end. */
  readonly next: PagePosition | null;
}

/** The order of every list: newest first, and of one moment the greater id first. */
export const newestFirst = (a: PagePosition, b: PagePosition): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Whether a record comes after the position, in that order; every record does where it is `null`. */
export const isBeyond = (record: PagePosition, after: PagePosition | null): boolean =>
  after === null || newestFirst(after, record) < 0;

/**
 * Makes a page of rows that were read with one more than `limit`: the surplus row only tells that there is a next page.
 *
 * @param rows up to `limit + 1` records, newest first
 */
export function pageOf<T extends PagePosition>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const next = rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null;
  return { items, next };
}
