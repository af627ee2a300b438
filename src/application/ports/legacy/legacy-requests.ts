import type { LegacyIdentifier, LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';

/** What legacy requests are looked up by. */
export interface LegacyLookup extends LegacyIdentifier {
  /** In its normal form; `null` for requests that name none. */
  readonly vendorId: string | null;
  /** Keyed hash of vendor, kind and normal form, 32 octets. */
  readonly hash: Uint8Array;
  /** The kind of identifier that the vendor uses; `null` where that is not known. */
  readonly vendorKind: LegacyIdentifierKind | null;
}

/** The rows of `rn_requests` that Casegate did not write, as the legacy service has them now. */
export interface LegacyRequests {
  /**
   * Every row that says this identifier at this moment, each judged by what it says now: those that the index leads to, and while it is
   * being built all that are not in it as well. Later, rows that the legacy service wrote just now are looked for where they are found
   * without looking at all of them: by an index on their time, or at the end of the table; a few are found only when they were indexed,
   * some seconds after they were written. Adopted cases are among them, Casegate's own are not. The time that it takes grows with the
   * rows that are found, and tells nothing else of them.
   *
   * @throws {Unavailable}
   */
  readonly findByIdentifier: (lookup: LegacyLookup) => Promise<readonly LegacyRecord[]>;
}
