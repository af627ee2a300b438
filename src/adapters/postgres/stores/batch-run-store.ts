import type {
  BatchRun,
  BatchRunKind,
  BatchRunStore,
} from '../../../application/ports/stores/batch-run-store.ts';
import type { BatchRunId } from '../../../domain/shared/ids.ts';
import { columnList, insertInto, parametersOf } from '../columns.ts';
import { BATCH_RUN_COLUMNS, type BatchRunRow, batchRunOfRow, rowOfBatchRun } from '../rows/batch-run-row.ts';
import type { Statement, Statements } from '../statements.ts';

const COLUMNS = columnList(BATCH_RUN_COLUMNS);
const SELECT = `SELECT ${COLUMNS} FROM batch_runs`;
const NEWEST = 'ORDER BY created_at DESC, uuid DESC LIMIT 1';

// The update changes nothing; it makes the statement return the row that stands in the way, even one committed a moment ago.
const OPEN: Statement<BatchRunRow> = {
  text: `${insertInto('batch_runs', BATCH_RUN_COLUMNS)}
    ON CONFLICT (kind, (coalesce(file_digest, ''))) WHERE finished_at IS NULL
    DO UPDATE SET kind = excluded.kind
    RETURNING ${COLUMNS}`,
};

const FIND: Statement<BatchRunRow> = { text: `${SELECT} WHERE uuid = $1::uuid` };

const FIND_BY_FILE: Statement<BatchRunRow> = {
  text: `${SELECT} WHERE kind = $1::text AND file_digest = $2::bytea ${NEWEST}`,
};

const ADVANCE: Statement<Pick<BatchRunRow, 'uuid'>> = {
  text: 'UPDATE batch_runs SET position = $2::text WHERE uuid = $1::uuid AND finished_at IS NULL RETURNING uuid',
};

const FINISH: Statement<never> = {
  text: 'UPDATE batch_runs SET finished_at = coalesce(finished_at, $2::timestamptz) WHERE uuid = $1::uuid',
};

const UNDO: Statement<Pick<BatchRunRow, 'uuid'>> = {
  text: `UPDATE batch_runs SET undone_at = $2::timestamptz, finished_at = coalesce(finished_at, $2::timestamptz)
    WHERE uuid = $1::uuid AND undone_at IS NULL RETURNING uuid`,
};

const LIST_IMPORTED_LINES: Statement<{ readonly line: number }> = {
  text: `SELECT line FROM imported_users
    WHERE run_uuid = $1::uuid AND line BETWEEN $2::integer AND $3::integer ORDER BY line`,
};

/** The runs of an installation, in PostgreSQL. */
export class PostgresBatchRunStore implements BatchRunStore {
  readonly #statements: Statements;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  async open(run: BatchRun): Promise<BatchRun> {
    const [row] = await this.#statements.run(OPEN, parametersOf(BATCH_RUN_COLUMNS, rowOfBatchRun(run)));
    if (!row) throw new Error('The upsert of a run returned no row.');
    return batchRunOfRow(row);
  }

  async find(id: BatchRunId): Promise<BatchRun | null> {
    return this.#first(FIND, [id]);
  }

  async findByFile(kind: BatchRunKind, fileDigest: Uint8Array): Promise<BatchRun | null> {
    return this.#first(FIND_BY_FILE, [kind, fileDigest]);
  }

  async advance(id: BatchRunId, position: string): Promise<boolean> {
    return (await this.#statements.run(ADVANCE, [id, position])).length > 0;
  }

  async finish(id: BatchRunId, now: Date): Promise<void> {
    await this.#statements.run(FINISH, [id, now]);
  }

  async undo(id: BatchRunId, now: Date): Promise<boolean> {
    return (await this.#statements.run(UNDO, [id, now])).length > 0;
  }

  async listImportedLines(id: BatchRunId, first: number, last: number): Promise<readonly number[]> {
    const rows = await this.#statements.run(LIST_IMPORTED_LINES, [id, first, last]);
    return rows.map(({ line }) => line);
  }

  async #first(statement: Statement<BatchRunRow>, parameters: readonly unknown[]): Promise<BatchRun | null> {
    const [row] = await this.#statements.run(statement, parameters);
    return row ? batchRunOfRow(row) : null;
  }
}
