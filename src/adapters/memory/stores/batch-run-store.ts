import type {
  BatchRun,
  BatchRunKind,
  BatchRunStore,
} from '../../../application/ports/stores/batch-run-store.ts';
import type { BatchRunId } from '../../../domain/shared/ids.ts';
import { sameOctets } from '../../../domain/shared/octets.ts';
import { newestFirst } from '../../../domain/shared/page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';

/** The runs of an installation, in memory. */
export class MemoryBatchRunStore implements BatchRunStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async open(run: BatchRun): Promise<BatchRun> {
    return this.#access.write((tables) => {
      const open = newest(
        tables,
        (known) => isUnfinished(known) && isOfFile(known, run.kind, run.fileDigest),
      );
      if (!open) tables.batchRuns.add(run.id, run);
      return open ?? run;
    });
  }

  async find(id: BatchRunId): Promise<BatchRun | null> {
    return this.#access.read((tables) => tables.batchRuns.get(id) ?? null);
  }

  async findByFile(kind: BatchRunKind, fileDigest: Uint8Array): Promise<BatchRun | null> {
    return this.#access.read((tables) => newest(tables, (run) => isOfFile(run, kind, fileDigest)));
  }

  async advance(id: BatchRunId, position: string): Promise<boolean> {
    return this.#change(id, (run) => (isUnfinished(run) ? { ...run, position } : null));
  }

  async finish(id: BatchRunId, now: Date): Promise<void> {
    await this.#change(id, (run) => ({ ...run, finishedAt: run.finishedAt ?? now }));
  }

  async undo(id: BatchRunId, now: Date): Promise<boolean> {
    return this.#change(id, (run) =>
      run.undoneAt ? null : { ...run, undoneAt: now, finishedAt: run.finishedAt ?? now },
    );
  }

  async listImportedLines(id: BatchRunId, first: number, last: number): Promise<readonly number[]> {
    return this.#access.read((tables) =>
      [...tables.importedUsers.values()]
        .filter(({ runId, line }) => runId === id && first <= line && line <= last)
        .map(({ line }) => line)
        .sort((a, b) => a - b),
    );
  }

  /** @param change `null` leaves the run as it is @returns whether it was changed */
  async #change(id: BatchRunId, change: (run: BatchRun) => BatchRun | null): Promise<boolean> {
    return this.#access.write((tables) => {
      const run = tables.batchRuns.get(id);
      const changed = run ? change(run) : null;
      if (changed) tables.batchRuns.set(id, changed);
      return changed !== null;
    });
  }
}

const NO_FILE = new Uint8Array();

const isUnfinished = ({ finishedAt }: BatchRun): boolean => finishedAt === null;

const isOfFile = (run: BatchRun, kind: BatchRunKind, fileDigest: Uint8Array | null): boolean =>
  run.kind === kind && sameOctets(run.fileDigest ?? NO_FILE, fileDigest ?? NO_FILE);

const newest = (tables: ReadonlyMemoryTables, isIt: (run: BatchRun) => boolean): BatchRun | null =>
  [...tables.batchRuns.values()].filter(isIt).sort(newestFirst)[0] ?? null;
