import type { AccessTokenClaims } from '../../../domain/access/access-token.ts';

/** A signed access token. */
export interface SignedAccessToken {
  readonly token: string;
  /** Seconds from `now` until it stops counting. */
  readonly expiresInSeconds: number;
}

/** Makes access tokens: JWT of type `at+jwt` (RFC 9068). */
export interface TokenSigner {
  /**
   * @param sessionExpiresAt when its session is over, which the token does not outlive; where it is left out, it has its whole life
   * @throws {Unavailable} when no signing key can be had
   */
  readonly sign: (
    claims: AccessTokenClaims,
    now: Date,
    sessionExpiresAt?: Date,
  ) => Promise<SignedAccessToken>;
}

/**
 * Judges access tokens by signature, type, issuer, audience, times and the exact shape of their claims (RFC 8725, RFC 9068
 * section 4). Knows nothing of revocation.
 */
export interface TokenVerifier {
  /** @returns `null` for whatever is not a token of ours that counts at `now` */
  readonly verify: (token: string, now: Date) => Promise<AccessTokenClaims | null>;
}
