import type { IndexableRow, RowSlice } from '../../../application/ports/legacy/legacy-index.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import { addSeconds } from '../../../domain/shared/time.ts';
import type { Statement, Statements } from '../statements.ts';
import { fromId, throughId, unseen } from './id-range.ts';
import { indexableOf, isTheirs, requestColumns, type RequestRow } from './indexable-row.ts';
import {
  datedBy,
  type LegacyShape,
  type LegacyStatement,
  type RequestColumn,
  type RequestColumns,
} from './legacy-shape.ts';

const HOUR = 3600;
/** Zones are 14 hours before UTC and 12 behind it at most, and who wrote a time without one may have meant any of them. */
const ZONELESS_SECONDS = 27 * HOUR;

/** Looked up for each row, too. */
const IS_UNINDEXED = `(SELECT true FROM legacy_index AS entry WHERE entry.request_uuid = request.uuid) IS NULL
  AND ${isTheirs('request')}`;

/** Where a slice ends: two statements, so that none of them depends on how rare the rows are that it looks for. */
const SLICE_END: Statement<Pick<RequestRow, 'uuid'>> = {
  text: 'SELECT uuid FROM rn_requests WHERE uuid >= $1::uuid ORDER BY uuid OFFSET $2::integer LIMIT 1',
};

// The range is said of each table, or all of it would be read for a slice; and nothing but ids are read of rows that are in the index.
const slice: LegacyStatement<RequestRow> = (columns) => ({
  text: `SELECT ${requestColumns(columns, 'request')} FROM rn_requests AS request WHERE request.uuid = ANY (ARRAY(
      SELECT slice.uuid FROM rn_requests AS slice WHERE slice.uuid >= $1::uuid AND slice.uuid <= $2::uuid
        AND NOT EXISTS (
          SELECT FROM legacy_index AS entry WHERE entry.request_uuid = slice.uuid
            AND entry.request_uuid >= $1::uuid AND entry.request_uuid <= $2::uuid
        ) AND NOT EXISTS (
          SELECT FROM cases WHERE cases.uuid = slice.uuid AND cases.origin = 'casegate'
            AND cases.uuid >= $1::uuid AND cases.uuid <= $2::uuid
        )
    )) ORDER BY request.uuid`,
});

/** How rows are found by their time. */
interface Recency {
  readonly column: RequestColumn;
  /** That a row was made at `$1` or later, in SQL. */
  readonly made: string;
  /** That it was, or does not say when it was made. */
  readonly condition: string;
  /** How many seconds before now that is. */
  readonly seconds: number;
}

/** @returns `null` where rows do not say when they were made */
function recency(columns: RequestColumns): Recency | null {
  const column = datedBy(columns);
  if (!column) return null;
  const made = `request.created_at >= $1::timestamptz::${column.type}`;
  return {
    column,
    made,
    condition: column.nullable ? `(${made} OR request.created_at IS NULL)` : made,
    seconds: column.type.includes('without') ? ZONELESS_SECONDS : HOUR,
  };
}

/** In no order: by their ids, every row of the table would be looked at for the few that are recent. */
const recent = (columns: RequestColumns, { condition }: Recency): Statement<RequestRow> => ({
  text: `SELECT ${requestColumns(columns, 'request')} FROM rn_requests AS request
    WHERE ${condition} AND ${IS_UNINDEXED} LIMIT $2::integer`,
});

/** The newest of those that say when they were made. */
const newest = (columns: RequestColumns, { made }: Recency): Statement<RequestRow> => ({
  text: `SELECT ${requestColumns(columns, 'request')} FROM rn_requests AS request
    WHERE ${made} AND ${IS_UNINDEXED} ORDER BY request.created_at DESC LIMIT $2::integer`,
});

/** Pages at the end of the table that are looked through where no index leads to new rows: about a thousand rows. */
const TAIL_PAGES = 32;

const PAGES: Statement<{ readonly pages: number }> = {
  text: `SELECT pg_relation_size('rn_requests') / current_setting('block_size')::integer AS pages`,
};

/** Of rows that say when they were made, those that are not recent are passed over before anything is looked up for them. */
const tail = (columns: RequestColumns, by: Recency | null): Statement<RequestRow> => ({
  text: `SELECT ${requestColumns(columns, 'request')} FROM rn_requests AS request
    WHERE ${by ? `${by.condition} AND request.ctid >= $2::text::tid` : 'request.ctid >= $1::text::tid'} AND ${IS_UNINDEXED}
    ORDER BY request.uuid`,
});

/** The rows of the legacy service that are not in the index, in PostgreSQL. */
export class UnindexedRows {
  readonly #statements: Statements;
  readonly #shape: LegacyShape;

  constructor(statements: Statements, shape: LegacyShape) {
    this.#statements = statements;
    this.#shape = shape;
  }

  /** Of the next `limit` rows those that are not in the index. @param after `null` begins */
  async slice(after: CaseId | null, limit: number): Promise<RowSlice<IndexableRow>> {
    const from = fromId(after);
    const [end] = await this.#statements.run(SLICE_END, [from, limit]);
    const through = end?.uuid ?? null;
    const rows = await this.#shape.run(this.#statements, slice, [from, throughId(through)]);
    return { rows: unseen(rows, after).map(indexableOf), through };
  }

  /**
   * Of the rows that are not in the index the newest of the last hour, `limit` at most, where an index leads to them; otherwise those at
   * the end of the table, where new ones mostly are. Takes no longer for more rows in the table.
   */
  fresh(now: Date, limit: number): Promise<readonly IndexableRow[]> {
    return this.#shape.use(this.#statements, async (columns) => {
      const by = recency(columns);
      if (by?.column.indexed !== true) return this.#atTheEnd(now, columns, by);
      const dated = await this.#statements.run(newest(columns, by), [addSeconds(now, -by.seconds), limit]);
      return [
        ...dated.map(indexableOf),
        ...(by.column.nullable ? await this.#atTheEnd(now, columns, by) : []),
      ];
    });
  }

  async #atTheEnd(now: Date, columns: RequestColumns, by: Recency | null): Promise<readonly IndexableRow[]> {
    const [size] = await this.#statements.run(PAGES, []);
    const first = `(${String(Math.max(0, (size?.pages ?? 0) - TAIL_PAGES))},0)`;
    const parameters = by ? [addSeconds(now, -by.seconds), first] : [first];
    return (await this.#statements.run(tail(columns, by), parameters)).map(indexableOf);
  }

  /** Of the rows of the last hour `limit` at most that are not in the index. @returns `null` where rows do not say when they were made */
  recent(now: Date, limit: number): Promise<readonly IndexableRow[] | null> {
    return this.#shape.use(this.#statements, async (columns) => {
      const by = recency(columns);
      if (!by) return null;
      const rows = await this.#statements.run(recent(columns, by), [addSeconds(now, -by.seconds), limit]);
      return rows.map(indexableOf);
    });
  }
}
