import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
import type { Language } from '../../../domain/shared/language.ts';

/** How far the index has come. */
export interface LegacyIndexState {
  /** Every row up to this id was indexed once; `null` before the first. */
  readonly builtThrough: CaseId | null;
  /** Since when every row is indexed that was there then; `null` while it is being built. */
  readonly completedAt: Date | null;
  /** How far the comparison with the live rows has come that is under way; `null` where none is. */
  readonly comparedThrough: CaseId | null;
  /** When the last comparison ended; `null` before the first. */
  readonly comparedAt: Date | null;
}

/** A row that is to be indexed: one that Casegate did not write. */
export interface IndexableRow extends LegacyRecord {
  /** As the row says; `null` where it does not, or names no moment. */
  readonly createdAt: Date | null;
  /** As its case shows it. */
  readonly language: Language;
}

/** The keyed hashes of a row's identifiers, by their kinds, of 32 octets each. */
export type LegacyHashes = Readonly<Partial<Record<LegacyIdentifierKind, Uint8Array>>>;

/** What the index says of a row. */
export interface LegacyIndexEntry {
  readonly caseId: CaseId;
  /** In its normal form; `null` where the row names none. */
  readonly vendorId: string | null;
  /** When the row was made, or where it does not say so, when it was first seen. In milliseconds. */
  readonly createdAt: Date;
  /** By which its case is listed. */
  readonly language: Language;
  readonly hashes: LegacyHashes;
}

/** A row beside what the index says of it. */
export interface ComparedRow {
  readonly row: IndexableRow;
  /** `null` where it is not in the index. */
  readonly entry: LegacyIndexEntry | null;
}

/** Some of all rows, in the order of their ids. */
export interface RowSlice<Row> {
  readonly rows: readonly Row[];
  /** The id up to which rows were looked at: the next slice is after it. `null` where there are none left. */
  readonly through: CaseId | null;
}

/** How many rows there are to index, and how many are in the index. */
export interface LegacyIndexCounts {
  readonly rows: number;
  readonly entries: number;
}

/**
 * By which the rows of `rn_requests` are found that say an identifier. It is Casegate's own and follows the rows by looking at them; the
 * legacy service knows nothing of it and waits for none of this. Rows that Casegate wrote itself are not among those of any method. Any
 * number of processes may work on it: what one has done another does again without harm, and of two who save how far they have come
 * from the same place, one does.
 */
export interface LegacyIndex {
  readonly readState: () => Promise<LegacyIndexState>;
  /**
   * The rows of the next slice, each with what the index says of it.
   *
   * @param after an id, whether or not it is still there; `null` begins
   */
  readonly compareRows: (after: CaseId | null, limit: number) => Promise<RowSlice<ComparedRow>>;
  /** Of the next slice the rows that are not in the index. A slice without any is no end. */
  readonly listUnindexed: (after: CaseId | null, limit: number) => Promise<RowSlice<IndexableRow>>;
  /**
   * Of the rows of the last hour those that are not in the index, and of those that do not say when they were made. Where times come
   * without a zone, the hour is as long as zones may differ.
   *
   * @param limit the most that are given, in no order: of more nobody knows which
   * @returns `null` where no row says when it was made: then nothing but {@link listUnindexed} finds new ones
   */
  readonly listRecentlyUnindexed: (now: Date, limit: number) => Promise<readonly IndexableRow[] | null>;
  /** Keeps the entries, in the place of those that there are for the same rows. One statement. */
  readonly put: (entries: readonly LegacyIndexEntry[]) => Promise<void>;
  /**
   * Removes the entries of rows that are gone. One statement.
   *
   * @param after `null` begins with the first
   * @param through the last id that is looked at; `null` looks to the end
   * @returns how many there were
   */
  readonly removeVanished: (after: CaseId | null, through: CaseId | null) => Promise<number>;
  /** Keeps that the index was built up to `through`. @returns `false` where it was not at `before` any more */
  readonly saveBuilt: (before: CaseId | null, through: CaseId) => Promise<boolean>;
  /** Keeps that the index is complete. @returns `false` where it was already */
  readonly complete: (now: Date) => Promise<boolean>;
  /**
   * Keeps how far the comparison has come.
   *
   * @param through `null` ends it, at `now`
   * @returns `false` where it was not at `before` any more
   */
  readonly saveCompared: (before: CaseId | null, through: CaseId | null, now: Date) => Promise<boolean>;
  /** Counts one by one: for whoever asks now and then. */
  readonly count: () => Promise<LegacyIndexCounts>;
}
