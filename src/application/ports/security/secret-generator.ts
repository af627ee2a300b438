/** Makes secrets that are shown once and stored hashed. */
export interface SecretGenerator {
  /** 256 random bits as base64url, 43 characters. */
  readonly generate: () => string;
  /** 50 random bits as ten characters of Crockford's base32 in two groups, such as `7K3QX-M9DTA`. */
  readonly recoveryCode: () => string;
  /** Eight random decimal digits: for what is mailed, counts for minutes, and is typed by hand. */
  readonly mailedCode: () => string;
}
