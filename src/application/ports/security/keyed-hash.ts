/** What a keyed hash is for; each purpose has a key of its own, so that values of one are no use in another. */
export type KeyedHashPurpose =
  | 'failure-counter'
  | 'case-receipt'
  | 'one-time-token'
  | 'recovery-code'
  | 'passkey-challenge'
  | 'password-fingerprint'
  | 'mail-recipient';

/** A keyed one-way hash (HMAC-SHA-256, RFC 2104): look-ups by value without storing the value. */
export interface KeyedHash {
  /** @returns 32 octets */
  readonly of: (purpose: KeyedHashPurpose, value: string) => Uint8Array;
}
