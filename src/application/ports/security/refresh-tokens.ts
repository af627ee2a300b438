/** A refresh token and the form in which it is stored. */
export interface RefreshToken {
  /** Opaque, 256 bits; a secret. */
  readonly token: string;
  /** One-way hash of it, 32 octets. */
  readonly hash: Uint8Array;
}

/** Makes refresh tokens. */
export interface RefreshTokenFactory {
  /** A token of random bits. */
  readonly issue: () => RefreshToken;
  /**
   * The token that follows `presented`: always the same one, derived by a keyed HMAC, so that a repeated refresh can be answered
   * alike without keeping the token.
   *
   * @returns the stored form of `presented` and its successor, or `null` where the text cannot be a token of ours
   */
  readonly succeed: (
    presented: string,
  ) => { readonly presentedHash: Uint8Array; readonly successor: RefreshToken } | null;
}
