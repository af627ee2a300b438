import type {
  AuditHead,
  AuditLink,
  AuditSeal,
  RecordedEntry,
  SealedBatch,
} from '../../../domain/audit/audit-chain.ts';

/** The end of the chain, as it was in one moment. */
export interface ChainEnd {
  /** `null` where somebody took it away. */
  readonly head: AuditHead | null;
  /** The seal that the head names; `null` where there is none. */
  readonly seal: AuditSeal | null;
}

/** Where a search for unsealed entries goes on; made and read by the store alone. */
export interface SealingPosition {
  readonly transaction: string;
  readonly entryId: string;
  /** Whether all entries are looked through, whatever the last horizon says. */
  readonly everything: boolean;
}

/** The unsealed ones among the next entries. */
export interface SealableEntries {
  /** In the order in which they are to be sealed; may be none, with more to come. */
  readonly entries: readonly RecordedEntry[];
  /** The horizon of the seal that takes them. */
  readonly horizon: string;
  /** Whether a seal is to be made even without entries, for its horizon. */
  readonly isDue: boolean;
  /** Where to go on; `null` at the end. */
  readonly next: SealingPosition | null;
}

/** A link, and the entry that it names. */
export interface LinkedEntry extends AuditLink {
  /** The entry's record as it is now; `null` where there is no such entry. */
  readonly record: string | null;
}

/** What is asked of entries in a walk over all of them. */
export interface EntryWalk {
  /** The last entry of the walk so far; `null` to begin. */
  readonly after: string | null;
  /** Links up to this position count. */
  readonly lastPosition: number;
  /** Entries before it should have a link; `null` where none has to. */
  readonly horizon: string | null;
  /** How many at most; more only where the last one is there more than once. */
  readonly limit: number;
}

/** What a step of that walk found. */
export interface WalkedEntries {
  readonly entries: number;
  /** Those without a link. */
  readonly unlinked: number;
  /** Those of them that should have one. */
  readonly astray: readonly string[];
  /** The ids that more than one entry has; each once. */
  readonly doubled: readonly string[];
  /** Where to go on; `null` at the end. */
  readonly next: string | null;
}

/** Rows that no seal and no head speak of. */
export interface StrayRows {
  readonly positions: readonly number[];
  readonly numbers: readonly number[];
}

/** The chain over the audit trails of all tenants; append-only but for its head. Nothing here waits for whoever writes entries, or keeps him waiting. */
export interface AuditSealStore {
  readonly readEnd: () => Promise<ChainEnd>;
  /**
   * Whether a horizon tells where unsealed entries are. It does not where the records came from another database server, until all of
   * them were looked through once.
   */
  readonly isSettled: (horizon: string) => Promise<boolean>;
  /**
   * The next entries that have no link. Only those before the oldest transaction that is still open are given: what it brings is sealed
   * later, and falls out of no batch.
   *
   * @param horizon of the last seal; `null` where there is none
   * @param after where the answer before ended; `null` to begin
   * @param limit how many entries are looked at, at most
   */
  readonly listSealable: (
    horizon: string | null,
    after: SealingPosition | null,
    limit: number,
  ) => Promise<SealableEntries>;
  /**
   * Keeps a batch where the chain still ends at the seal before it; one statement.
   *
   * @returns `false` where somebody else sealed meanwhile; of several who continue one seal at once, one gets `true`
   */
  readonly append: (batch: SealedBatch) => Promise<boolean>;
  /** Seals with a number above `after` and not above `last`, in order; more than `limit` only where the last number is there twice. */
  readonly listSeals: (after: number, last: number, limit: number) => Promise<readonly AuditSeal[]>;
  /** Links at positions from `first` to `last`, in order; more than `limit` only where the last position is there twice. */
  readonly listLinks: (first: number, last: number, limit: number) => Promise<readonly LinkedEntry[]>;
  /** Whether any tenant has an entry of a time before this one; `false` where there are none at all. */
  readonly hasEntryBefore: (time: Date) => Promise<boolean>;
  /** The next entries of all tenants, by their ids. All that have one id come in the same step. */
  readonly walkEntries: (walk: EntryWalk) => Promise<WalkedEntries>;
  /** Up to `limit` links and seals of each kind that are beyond the seal that the head names, or before the first. */
  readonly listStrays: (limit: number) => Promise<StrayRows>;
}
