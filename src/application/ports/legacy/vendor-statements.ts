import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';

/** What a vendor's statement has to say. */
export interface ExpectedStatement {
  /** What the statement was asked for with: the id of the link. */
  readonly nonce: string;
  readonly kind: LegacyIdentifierKind;
  /** In its normal form. */
  readonly identifier: string;
}

/**
 * Judges statements by which a vendor vouches that a person owns an identifier: a JWT of at most five minutes, signed with a key of
 * that very vendor, made for us and for our nonce (RFC 7519, RFC 8725). That one is used once is the caller's to see to.
 */
export interface VendorStatements {
  /** Whether the vendor (in any spelling) has keys, so that its statements can prove anything. */
  readonly offers: (vendorId: string | null) => boolean;
  /**
   * @param vendorId in any spelling; the keys of no other vendor count
   * @returns whether the vendor says so at `now`; `false` also for a vendor without keys
   * @throws {Unavailable} when the vendor's keys are out of reach, so that nothing can be said
   */
  readonly verify: (
    vendorId: string | null,
    jwt: string,
    expected: ExpectedStatement,
    now: Date,
  ) => Promise<boolean>;
}
