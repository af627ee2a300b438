import type { LegacyIdentifierKind } from '../../../domain/legacy/legacy-identifier.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';

/** What an assertion has to carry. */
export interface ExpectedAssertion {
  /** Whose identity provider has to have made it. */
  readonly tenantId: TenantId;
  /** The id of the link, which it has to answer: SAML 2.0 `InResponseTo`, or the `nonce` of an OpenID Connect ID token. */
  readonly nonce: string;
  /** In its normal form; `null` for records that name no vendor. */
  readonly vendorId: string | null;
  readonly kind: LegacyIdentifierKind;
  /** In its normal form; what the assertion carries is brought into that form before it is compared. */
  readonly identifier: string;
}

/** Judges assertions of a tenant's identity provider: SAML 2.0 responses, or ID tokens of OpenID Connect. */
export interface AssertionVerifier {
  /**
   * @returns whether the assertion is genuine, meant for us, counts at `now`, answers the nonce and carries the identifier
   * @throws {Unavailable} where the provider's keys are out of reach
   */
  readonly verify: (assertion: string, expected: ExpectedAssertion, now: Date) => Promise<boolean>;
}
