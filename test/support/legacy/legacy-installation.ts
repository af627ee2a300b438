import type { WrittenKind } from './written-identifiers.ts';

/** A partner as the legacy service writes it. */
export interface WrittenVendor {
  /** Trimmed and in lower case; `null` for rows that name none. */
  readonly vendorId: string | null;
  /** What stands in the rows: one of these, by chance. */
  readonly writings: readonly (string | null)[];
  /** What its rows hold; `null` where that differs from row to row. */
  readonly kind: WrittenKind | null;
  /** How many of the people are its own, in relation to the others'. */
  readonly weight: number;
}

/** How much of something there is, from 0 to 1. */
export interface LegacyShares {
  /** Of the people: those whom the legacy service gave no user id. */
  readonly withoutUserId: number;
  /** Of the people: those whose identifier another user id of the vendor has too. */
  readonly shared: number;
  /** Of the people: those whose identifier somebody of another vendor has too. */
  readonly elsewhere: number;
  /** Of a person's rows but the first: those without user id, or without identifier. */
  readonly lost: number;
  /** Of the identifiers: those that are not written in the usual way. */
  readonly odd: number;
  /** Of the rows: those that are nobody's. */
  readonly strays: number;
  /** Of the sessions: those of visitors. */
  readonly guests: number;
}

/** What the legacy tables of one installation are like. */
export interface LegacyInstallation {
  /** The same seed gives the same people, rows and session ids. */
  readonly seed: number;
  readonly people: number;
  /** At least as many as people. */
  readonly cases: number;
  readonly sessions: number;
  readonly checks: number;
  readonly vendors: readonly WrittenVendor[];
  readonly shares: LegacyShares;
  /** Types of the optional columns of rn_requests; `null` where it has none such. */
  readonly columns: {
    readonly language: 'text' | 'varchar(5)' | null;
    readonly question: 'text' | null;
    readonly status: 'text' | 'smallint' | null;
    readonly created_at: 'timestamptz' | 'timestamp' | null;
  };
  /** Definitions of columns that Casegate does not know. */
  readonly extraColumns: readonly string[];
  readonly sessionType: 'json' | 'jsonb';
  /** The first one signs; cookies that were signed with the others are still around. */
  readonly sessionSecrets: readonly string[];
  /** In which `expire` is written. */
  readonly sessionTimeZone: string;
  /** Where in `sess` the person is, as a JSON pointer (RFC 6901), and what is there: `{id, identifier, vendorId}`, or the id alone. */
  readonly sessionSubject: { readonly pointer: string; readonly holds: 'person' | 'user-id' };
}
