import type {
  KeptText,
  ResealedText,
  SealedColumn,
  SealedTextBatch,
  SealedTextPosition,
  SealedTextStore,
} from '../../../application/ports/stores/sealed-text-store.ts';
import { SEALED_COLUMNS, type SealedColumnNames } from '../rows/sealed-columns.ts';
import type { Statement, Statements } from '../statements.ts';

/** Rows that one statement looks at: of the longest texts, so many fit into memory. */
const BATCH_ROWS = 200;
/** Rows whose keys one statement counts: far from the limit on its time, however long the table. */
const COUNTED_ROWS = 50_000;
/** Comes before every id. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface SealedRow {
  readonly row_id: string;
  readonly tenant_uuid: string;
  readonly key_uuid: string;
  readonly bytes: Uint8Array;
  readonly is_retired: boolean;
}

interface CountRow {
  /** The last row that was looked at; `null` where there was none. */
  readonly row_id: string | null;
  readonly retired: number;
}

interface ColumnStatements {
  readonly next: Statement<SealedRow>;
  readonly count: Statement<CountRow>;
  readonly replace: Statement<{ readonly row_id: string }>;
}

/** The last row that a statement has seen, so that the next one goes on behind it. */
const LAST_SEEN = 'SELECT row_id FROM seen ORDER BY row_id DESC LIMIT 1';

function statementsOf(column: SealedColumn, { id, key }: SealedColumnNames): ColumnStatements {
  const [table, text] = column.split('.') as [string, string];
  const seen = (columns: string): string =>
    `WITH seen AS MATERIALIZED (
      SELECT ${id} AS row_id, ${columns} FROM ${table} WHERE ${id} > $1::uuid ORDER BY ${id} LIMIT $2::integer
    )`;
  return {
    // The last row comes along in any case: it tells where to go on.
    next: {
      text: `${seen(`tenant_uuid, ${key} AS key_uuid, ${text} AS bytes`)}
    SELECT s.row_id, s.tenant_uuid, s.key_uuid, s.bytes, k.uuid IS NOT NULL AS is_retired
    FROM seen s LEFT JOIN data_keys k ON k.uuid = s.key_uuid AND k.retired_at IS NOT NULL
    WHERE k.uuid IS NOT NULL OR s.row_id = (${LAST_SEEN})
    ORDER BY s.row_id`,
    },
    count: {
      text: `${seen(`${key} AS key_uuid`)}
    SELECT (${LAST_SEEN}) AS row_id, count(*)::integer AS retired
    FROM seen s JOIN data_keys k ON k.uuid = s.key_uuid AND k.retired_at IS NOT NULL`,
    },
    replace: {
      text: `UPDATE ${table} AS t SET ${key} = n.key_uuid, ${text} = n.bytes
    FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::uuid[], $5::bytea[]) AS n (row_id, former_key, former, key_uuid, bytes)
    WHERE t.${id} = n.row_id AND t.${key} = n.former_key AND t.${text} = n.former
    RETURNING t.${id} AS row_id`,
    },
  };
}

const COLUMNS = Object.keys(SEALED_COLUMNS) as readonly SealedColumn[];

const STATEMENTS = Object.fromEntries(
  COLUMNS.map((column) => [column, statementsOf(column, SEALED_COLUMNS[column])]),
) as Readonly<Record<SealedColumn, ColumnStatements>>;

/** The sealed texts of all tenants, in PostgreSQL. No statement looks at more rows than it has time for. */
export class PostgresSealedTextStore implements SealedTextStore {
  readonly #statements: Statements;
  readonly #batchRows: number;

  constructor(statements: Statements, batchRows = BATCH_ROWS) {
    this.#statements = statements;
    this.#batchRows = batchRows;
  }

  async countUnderRetiredKeys(): Promise<number> {
    let count = 0;
    for (const column of COLUMNS) {
      let after: string | null = BEFORE_ALL;
      while (after !== null) {
        const counted: CountRow | undefined = await this.#count(column, after);
        count += counted?.retired ?? 0;
        after = counted?.row_id ?? null;
      }
    }
    return count;
  }

  async #count(column: SealedColumn, after: string): Promise<CountRow | undefined> {
    const [row] = await this.#statements.run(STATEMENTS[column].count, [after, COUNTED_ROWS]);
    return row;
  }

  async nextUnderRetiredKeys(after: SealedTextPosition | null): Promise<SealedTextBatch> {
    const [first] = COLUMNS as readonly [SealedColumn];
    const { column, rowId } = after ?? { column: first, rowId: BEFORE_ALL };
    const rows = await this.#statements.run(STATEMENTS[column].next, [rowId, this.#batchRows]);
    const texts = rows.filter((row) => row.is_retired).map((row) => keptText(column, row));
    const last = rows.at(-1);
    if (last) return { texts, next: { column, rowId: last.row_id } };
    const following = COLUMNS[COLUMNS.indexOf(column) + 1];
    return { texts, next: following ? { column: following, rowId: BEFORE_ALL } : null };
  }

  async replace(column: SealedColumn, texts: readonly ResealedText[]): Promise<number> {
    const parameters = [
      texts.map(({ rowId }) => rowId),
      texts.map(({ sealed }) => sealed.keyId),
      texts.map(({ sealed }) => sealed.bytes),
      texts.map(({ resealed }) => resealed.keyId),
      texts.map(({ resealed }) => resealed.bytes),
    ];
    return (await this.#statements.run(STATEMENTS[column].replace, parameters)).length;
  }
}

const keptText = (column: SealedColumn, row: SealedRow): KeptText => ({
  column,
  tenantId: row.tenant_uuid,
  rowId: row.row_id,
  sealed: { keyId: row.key_uuid, bytes: row.bytes },
});
