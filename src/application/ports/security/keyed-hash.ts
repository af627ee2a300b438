/** What a keyed hash is for; each purpose has a key of its own, so that values of one are no use in another. */
export type KeyedHashPurpose =
  | 'failure-counter'
  | 'case-receipt'
  /** What a receipt is made of: derived from its case, so that it can be told again and need not be kept. */
  | 'case-receipt-secret'
  | 'idempotency-key'
  | 'idempotency-fingerprint'
  | 'one-time-token'
  | 'recovery-code'
  | 'passkey-challenge'
  | 'password-fingerprint'
  | 'mail-recipient'
  /** Of vendor, kind and normal form: what the legacy index is looked up by. */
  | 'legacy-identifier'
  | 'legacy-link-code'
  | 'legacy-ticket';

/** A keyed one-way hash (HMAC-SHA-256, RFC 2104): look-ups by value without storing the value. */
export interface KeyedHash {
  /** @returns 32 octets */
  readonly of: (purpose: KeyedHashPurpose, value: string) => Uint8Array;
}
