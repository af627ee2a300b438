import type {
  ComparedRow,
  IndexableRow,
  LegacyHashes,
  LegacyIndex,
  LegacyIndexCounts,
  LegacyIndexEntry,
  LegacyIndexState,
  RowSlice,
} from '../../../application/ports/legacy/legacy-index.ts';
import {
  LEGACY_IDENTIFIER_KINDS,
  type LegacyIdentifierKind,
} from '../../../domain/legacy/legacy-identifier.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import { arraysIn, arraysOf, columnList } from '../columns.ts';
import { LEGACY_INDEX_COLUMNS, rowOfLegacyIndexEntry } from '../rows/legacy-index-row.ts';
import type { Statement, Statements } from '../statements.ts';
import { fromId, throughId, unseen } from './id-range.ts';
import { indexableOf, isTheirs, requestColumns, type RequestRow } from './indexable-row.ts';
import type { LegacyShape, LegacyStatement } from './legacy-shape.ts';
import { UnindexedRows } from './unindexed-rows.ts';

interface StateRow {
  readonly built_through: string | null;
  readonly completed_at: Date | null;
  readonly compared_through: string | null;
  readonly compared_at: Date | null;
}

/** What the index says, by columns. */
type EntryRow = Readonly<Record<LegacyIdentifierKind, Uint8Array | null>> & {
  readonly known_vendor_id: string | null;
  /** `null` where the row is not in the index. */
  readonly known_created_at: Date | null;
  readonly known_language: string;
};

interface Singleton {
  readonly singleton: true;
}

const READ_STATE: Statement<StateRow> = {
  text: 'SELECT built_through, completed_at, compared_through, compared_at FROM legacy_index_state',
};

const KINDS = LEGACY_IDENTIFIER_KINDS.join(', ');

const compare: LegacyStatement<RequestRow & EntryRow & { readonly theirs: boolean }> = (columns) => ({
  text: `SELECT slice.*, ${isTheirs('slice')} AS theirs,
      entry.vendor_id AS known_vendor_id, entry.created_at AS known_created_at,
      entry.language AS known_language, ${KINDS}
    FROM (
      SELECT ${requestColumns(columns, 'request')} FROM rn_requests AS request
      WHERE request.uuid >= $1::uuid ORDER BY request.uuid LIMIT $2::integer
    ) AS slice LEFT JOIN legacy_index AS entry ON entry.request_uuid = slice.uuid
    ORDER BY slice.uuid`,
});

const PUT_COLUMNS = columnList(LEGACY_INDEX_COLUMNS);
const PUT_SET = Object.keys(LEGACY_INDEX_COLUMNS)
  .filter((column) => column !== 'request_uuid')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

// In the order of the ids, so that two who put the same rows do not wait for each other.
const PUT: Statement<never> = {
  text: `INSERT INTO legacy_index (${PUT_COLUMNS})
    SELECT * FROM unnest(${arraysIn(LEGACY_INDEX_COLUMNS)}) AS entry (${PUT_COLUMNS}) ORDER BY request_uuid
    ON CONFLICT (request_uuid) DO UPDATE SET ${PUT_SET}`,
};

const REMOVE_VANISHED: Statement<{ readonly removed: number }> = {
  text: `WITH removed AS (
      DELETE FROM legacy_index AS entry WHERE request_uuid >= $1::uuid AND request_uuid <= $2::uuid
        AND NOT EXISTS (SELECT FROM rn_requests WHERE rn_requests.uuid = entry.request_uuid) RETURNING 1
    )
    SELECT count(*)::integer AS removed FROM removed`,
};

const SAVE_BUILT: Statement<Singleton> = {
  text: `UPDATE legacy_index_state SET built_through = $2::uuid
    WHERE built_through IS NOT DISTINCT FROM $1::uuid RETURNING singleton`,
};

const COMPLETE: Statement<Singleton> = {
  text: 'UPDATE legacy_index_state SET completed_at = $1::timestamptz WHERE completed_at IS NULL RETURNING singleton',
};

const SAVE_COMPARED: Statement<Singleton> = {
  text: `UPDATE legacy_index_state SET compared_through = $2::uuid,
      compared_at = CASE WHEN $2::uuid IS NULL THEN $3::timestamptz ELSE compared_at END
    WHERE compared_through IS NOT DISTINCT FROM $1::uuid RETURNING singleton`,
};

const COUNT: Statement<LegacyIndexCounts> = {
  text: `SELECT (SELECT count(*) FROM legacy_index) AS entries,
    (SELECT count(*) FROM rn_requests) - (SELECT count(*) FROM cases WHERE origin = 'casegate') AS rows`,
};

/**
 * The index of the legacy service's requests, in PostgreSQL. Each statement but that of `count` reads or writes little, so that it holds
 * nobody up.
 */
export class PostgresLegacyIndex implements LegacyIndex {
  readonly #statements: Statements;
  readonly #shape: LegacyShape;
  readonly #unindexed: UnindexedRows;

  constructor(statements: Statements, shape: LegacyShape) {
    this.#statements = statements;
    this.#shape = shape;
    this.#unindexed = new UnindexedRows(statements, shape);
  }

  async readState(): Promise<LegacyIndexState> {
    const [row] = await this.#statements.run(READ_STATE, []);
    return {
      builtThrough: row?.built_through ?? null,
      completedAt: row?.completed_at ?? null,
      comparedThrough: row?.compared_through ?? null,
      comparedAt: row?.compared_at ?? null,
    };
  }

  async compareRows(after: CaseId | null, limit: number): Promise<RowSlice<ComparedRow>> {
    const rows = await this.#shape.run(this.#statements, compare, [fromId(after), limit + 1]);
    const theirs = unseen(rows, after).filter((row) => row.theirs);
    return {
      rows: theirs.map((row) => ({ row: indexableOf(row), entry: entryOf(row) })),
      through: rows.length > limit ? (rows.at(-1)?.uuid ?? null) : null,
    };
  }

  listUnindexed(after: CaseId | null, limit: number): Promise<RowSlice<IndexableRow>> {
    return this.#unindexed.slice(after, limit);
  }

  listRecentlyUnindexed(now: Date, limit: number): Promise<readonly IndexableRow[] | null> {
    return this.#unindexed.recent(now, limit);
  }

  async put(entries: readonly LegacyIndexEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#statements.run(PUT, arraysOf(LEGACY_INDEX_COLUMNS, entries.map(rowOfLegacyIndexEntry)));
  }

  async removeVanished(after: CaseId | null, through: CaseId | null): Promise<number> {
    const [row] = await this.#statements.run(REMOVE_VANISHED, [fromId(after), throughId(through)]);
    return row?.removed ?? 0;
  }

  async saveBuilt(before: CaseId | null, through: CaseId): Promise<boolean> {
    return (await this.#statements.run(SAVE_BUILT, [before, through])).length > 0;
  }

  async complete(now: Date): Promise<boolean> {
    return (await this.#statements.run(COMPLETE, [now])).length > 0;
  }

  async saveCompared(before: CaseId | null, through: CaseId | null, now: Date): Promise<boolean> {
    return (await this.#statements.run(SAVE_COMPARED, [before, through, now])).length > 0;
  }

  async count(): Promise<LegacyIndexCounts> {
    const [row] = await this.#statements.run(COUNT, []);
    return row ?? { rows: 0, entries: 0 };
  }
}

function entryOf(row: RequestRow & EntryRow): LegacyIndexEntry | null {
  const {
    uuid: caseId,
    known_vendor_id: vendorId,
    known_created_at: createdAt,
    known_language: language,
  } = row;
  if (createdAt === null) return null;
  const hashes: LegacyHashes = Object.fromEntries(
    LEGACY_IDENTIFIER_KINDS.flatMap((kind) => (row[kind] === null ? [] : [[kind, row[kind]]])),
  );
  return { caseId, vendorId, createdAt, language, hashes };
}
