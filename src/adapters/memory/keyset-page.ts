import {
  isBeyond,
  newestFirst,
  type Page,
  pageOf,
  type PagePosition,
  type PageRequest,
} from '../../domain/shared/page.ts';

/** The page of `rows`, in whatever order they are, that is asked for. */
export function keysetPage<Row extends PagePosition>(rows: readonly Row[], request: PageRequest): Page<Row> {
  const rest = rows.filter((row) => isBeyond(row, request.after)).sort(newestFirst);
  return pageOf(rest.slice(0, request.limit + 1), request.limit);
}
