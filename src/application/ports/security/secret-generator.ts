/** Makes secrets that are shown once and stored hashed. */
export interface SecretGenerator {
  /** 256 random bits as base64url, 43 characters. */
  readonly generate: () => string;
}
