import type { TenantId } from '../../../domain/shared/ids.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** A column that holds sealed texts, by its table and its own name. */
export type SealedColumn =
  | 'case_messages.body'
  | 'case_reasons.body'
  | 'break_glass_grants.reason'
  | 'break_glass_grants.note'
  | 'legacy_links.identifier'
  | 'legacy_links.reason'
  | 'totp_factors.secret'
  | 'totp_factors.pending_secret'
  | 'mfa_resets.reason'
  | 'outbox.payload';

/** A sealed text where it is kept. */
export interface KeptText {
  readonly column: SealedColumn;
  readonly tenantId: TenantId;
  /** The primary key of its row. */
  readonly rowId: string;
  readonly sealed: SealedText;
}

/** A text, and what shall take its place. */
export interface ResealedText extends KeptText {
  readonly resealed: SealedText;
}

/** A row up to which texts were looked through. */
export interface SealedTextPosition {
  readonly column: SealedColumn;
  readonly rowId: string;
}

/** The texts among the next rows of a column. */
export interface SealedTextBatch {
  /** May be none, with more to come. */
  readonly texts: readonly KeptText[];
  /** Where to go on; `null` at the end of the last column. */
  readonly next: SealedTextPosition | null;
}

/** The sealed texts of all tenants, wherever they are kept, for whoever replaces the keys that they are sealed under. */
export interface SealedTextStore {
  /** How many texts are sealed under retired keys. Takes as long as reading the keys of all texts does. */
  readonly countUnderRetiredKeys: () => Promise<number>;
  /**
   * The texts under retired keys among the next rows, column by column in the order of primary keys. Rows that are added while
   * somebody goes through them may be passed over.
   *
   * @param after where the batch before ended; `null` to begin
   */
  readonly nextUnderRetiredKeys: (after: SealedTextPosition | null) => Promise<SealedTextBatch>;
  /**
   * Puts each text in the place of the one that it was made from, where that is still there exactly as it was; all of them in one go.
   *
   * @param texts of one column
   * @returns how many were replaced
   */
  readonly replace: (column: SealedColumn, texts: readonly ResealedText[]) => Promise<number>;
}
