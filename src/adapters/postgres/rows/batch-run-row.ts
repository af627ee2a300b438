import { z } from 'zod';
import type {
  BatchRun,
  BatchRunKind,
  BatchRunOptions,
} from '../../../application/ports/stores/batch-run-store.ts';
import type { Columns } from '../columns.ts';

/** A row of `batch_runs`. */
export interface BatchRunRow {
  readonly uuid: string;
  readonly kind: BatchRunKind;
  readonly file_digest: Uint8Array | null;
  /** JSON that is parsed when it is read. */
  readonly options: unknown;
  readonly position: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly undone_at: Date | null;
}

/** The columns of {@link BatchRunRow}. */
export const BATCH_RUN_COLUMNS: Columns<BatchRunRow> = {
  uuid: 'uuid',
  kind: 'text',
  file_digest: 'bytea',
  options: 'jsonb',
  position: 'text',
  created_at: 'timestamptz',
  finished_at: 'timestamptz',
  undone_at: 'timestamptz',
};

const Options: z.ZodType<BatchRunOptions> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]),
);

/** The row of a run. */
export const rowOfBatchRun = (run: BatchRun): BatchRunRow => ({
  uuid: run.id,
  kind: run.kind,
  file_digest: run.fileDigest,
  options: run.options,
  position: run.position,
  created_at: run.createdAt,
  finished_at: run.finishedAt,
  undone_at: run.undoneAt,
});

/** The run of a row. */
export const batchRunOfRow = (row: BatchRunRow): BatchRun => ({
  id: row.uuid,
  kind: row.kind,
  fileDigest: row.file_digest,
  options: Options.parse(row.options),
  position: row.position,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
  undoneAt: row.undone_at,
});
