import { type Page, pageOf, type PagePosition, type PageRequest } from '../../domain/shared/page.ts';

/** The page of `rows` that is asked for: newest first, by creation time and then by id. */
export function keysetPage<Row extends PagePosition>(rows: readonly Row[], request: PageRequest): Page<Row> {
  const { after, limit } = request;
  const rest = rows.filter((row) => after === null || newestFirst(after, row) < 0);
  return pageOf(rest.sort(newestFirst).slice(0, limit + 1), limit);
}

const newestFirst = (a: PagePosition, b: PagePosition): number =>
  b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
