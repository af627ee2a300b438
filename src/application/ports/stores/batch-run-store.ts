import type { BatchRunId } from '../../../domain/shared/ids.ts';

/** What an operator can set going over many records. */
export type BatchRunKind = 'users-import' | 'legacy-link' | 'legacy-backfill';

/** What a run was told; kept with it, so that it is gone on with in the same way. */
export type BatchRunOptions = Readonly<Record<string, string | number | boolean | null>>;

/** Something that an operator has set going over many records, so that it can be gone on with after a crash, and undone. */
export interface BatchRun {
  readonly id: BatchRunId;
  readonly kind: BatchRunKind;
  /** SHA-256 by which a run knows its file again, 32 octets; `null` for runs that read none. */
  readonly fileDigest: Uint8Array | null;
  readonly options: BatchRunOptions;
  /** How far it has come, in words of its own; `null` at the beginning. */
  readonly position: string | null;
  readonly createdAt: Date;
  /** `null` while it is not over. */
  readonly finishedAt: Date | null;
  /** `null` unless everything that it did was taken back. */
  readonly undoneAt: Date | null;
}

/** The runs of an installation, over all of its tenants. */
export interface BatchRunStore {
  /**
   * The run of this kind and file that is not over; where there is none, this one, added. Of several who open one at once, all get the
   * same. Of runs without a file, one of each kind is not over. One statement.
   */
  readonly open: (run: BatchRun) => Promise<BatchRun>;
  /** @returns `null` where there is no such run */
  readonly find: (id: BatchRunId) => Promise<BatchRun | null>;
  /** The newest run of this kind and file, over or not. @returns `null` where the file was never seen */
  readonly findByFile: (kind: BatchRunKind, fileDigest: Uint8Array) => Promise<BatchRun | null>;
  /** Keeps how far a run has come. @returns `false` where it is over */
  readonly advance: (id: BatchRunId, position: string) => Promise<boolean>;
  /** Says that a run is over; the first time stays. */
  readonly finish: (id: BatchRunId, now: Date) => Promise<void>;
  /** Says that what a run did was taken back; it is over by that as well. @returns `false` where that was said before */
  readonly undo: (id: BatchRunId, now: Date) => Promise<boolean>;
  /** The lines from `first` to `last` of a run's file by which accounts were made, in ascending order. */
  readonly listImportedLines: (id: BatchRunId, first: number, last: number) => Promise<readonly number[]>;
}
