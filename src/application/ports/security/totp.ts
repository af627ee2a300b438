/** What an authenticator app is given. */
export interface TotpEnrolment {
  /** `otpauth://totp/…` (Key Uri Format). */
  readonly otpauthUri: string;
  /** The same as a QR code: one `<svg>` element. */
  readonly qrSvg: string;
}

/** Time-based one-time codes (RFC 6238): six digits, 30 seconds, SHA-1, as every authenticator app has them. */
export interface Totp {
  /** 160 random bits in base32 (RFC 4648) without padding; a secret. */
  readonly generateSecret: () => string;
  /** @param account what the app shows beside the product's name */
  readonly enrolment: (secret: string, account: string) => Promise<TotpEnrolment>;
  /**
   * Holds a code against the current time step and one to either side (RFC 6238, section 5.2), in constant time.
   *
   * @param code as somebody typed it
   * @returns the time step that it is of; `null` where it is none of the three
   */
  readonly matchingStep: (secret: string, code: string, now: Date) => Promise<number | null>;
}
