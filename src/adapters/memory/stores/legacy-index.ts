import type {
  ComparedRow,
  IndexableRow,
  LegacyIndex,
  LegacyIndexCounts,
  LegacyIndexEntry,
  LegacyIndexState,
  RowSlice,
} from '../../../application/ports/legacy/legacy-index.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import { addSeconds } from '../../../domain/shared/time.ts';
import { indexableRows } from '../indexable-rows.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { INSTALLATION_KEY, type MemoryTables, type ReadonlyMemoryTables } from '../memory-tables.ts';

const HOUR = 3600;

const UNBUILT: LegacyIndexState = {
  builtThrough: null,
  completedAt: null,
  comparedThrough: null,
  comparedAt: null,
};

/** The index of the legacy service's requests, in memory. */
export class MemoryLegacyIndex implements LegacyIndex {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async readState(): Promise<LegacyIndexState> {
    return this.#access.read(stateOf);
  }

  async compareRows(after: CaseId | null, limit: number): Promise<RowSlice<ComparedRow>> {
    return this.#access.read((tables) => {
      const { rows, through } = sliceOf(indexableRows(tables), after, limit);
      const entryOf = (row: IndexableRow) => tables.legacyIndex.get(row.caseId) ?? null;
      return { rows: rows.map((row) => ({ row, entry: entryOf(row) })), through };
    });
  }

  async listUnindexed(after: CaseId | null, limit: number): Promise<RowSlice<IndexableRow>> {
    return this.#access.read((tables) => {
      const { rows, through } = sliceOf(indexableRows(tables), after, limit);
      return { rows: rows.filter(isUnindexed(tables)), through };
    });
  }

  async listRecentlyUnindexed(now: Date, limit: number): Promise<readonly IndexableRow[]> {
    const since = addSeconds(now, -HOUR);
    return this.#access.read((tables) => {
      const recent = indexableRows(tables).filter(
        ({ createdAt }) => createdAt === null || createdAt >= since,
      );
      return recent.filter(isUnindexed(tables)).slice(0, limit);
    });
  }

  async put(entries: readonly LegacyIndexEntry[]): Promise<void> {
    await this.#access.write((tables) => {
      for (const entry of entries) tables.legacyIndex.set(entry.caseId, entry);
    });
  }

  async removeVanished(after: CaseId | null, through: CaseId | null): Promise<number> {
    return this.#access.write((tables) => {
      const vanished = [...tables.legacyIndex.values()].filter(
        ({ caseId }) =>
          (after === null || caseId > after) &&
          (through === null || caseId <= through) &&
          tables.legacyRequests.get(caseId) === undefined,
      );
      for (const { caseId } of vanished) tables.legacyIndex.delete(caseId);
      return vanished.length;
    });
  }

  async saveBuilt(before: CaseId | null, through: CaseId): Promise<boolean> {
    return this.#save({ builtThrough: through }, (state) => state.builtThrough === before);
  }

  async complete(now: Date): Promise<boolean> {
    return this.#save({ completedAt: now }, (state) => state.completedAt === null);
  }

  async saveCompared(before: CaseId | null, through: CaseId | null, now: Date): Promise<boolean> {
    const ended = through === null ? { comparedAt: now } : {};
    return this.#save({ comparedThrough: through, ...ended }, (state) => state.comparedThrough === before);
  }

  async count(): Promise<LegacyIndexCounts> {
    return this.#access.read((tables) => ({
      rows: indexableRows(tables).length,
      entries: [...tables.legacyIndex.values()].length,
    }));
  }

  #save(
    changes: Partial<LegacyIndexState>,
    isAsExpected: (state: LegacyIndexState) => boolean,
  ): Promise<boolean> {
    return this.#access.write((tables: MemoryTables) => {
      const state = stateOf(tables);
      if (!isAsExpected(state)) return false;
      tables.legacyIndexState.set(INSTALLATION_KEY, { ...state, ...changes });
      return true;
    });
  }
}

const stateOf = (tables: ReadonlyMemoryTables): LegacyIndexState =>
  tables.legacyIndexState.get(INSTALLATION_KEY) ?? UNBUILT;

const isUnindexed =
  (tables: ReadonlyMemoryTables) =>
  ({ caseId }: IndexableRow): boolean =>
    tables.legacyIndex.get(caseId) === undefined;

function sliceOf(rows: readonly IndexableRow[], after: CaseId | null, limit: number): RowSlice<IndexableRow> {
  const left = rows.filter(({ caseId }) => after === null || caseId > after);
  const slice = left.slice(0, limit);
  return { rows: slice, through: left.length > limit ? (slice.at(-1)?.caseId ?? null) : null };
}
