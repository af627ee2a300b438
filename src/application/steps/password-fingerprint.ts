import type { KeyedHash } from '../ports/security/keyed-hash.ts';

/**
 * By what a password's hash is recognised without being kept a second time.
 *
 * @returns 32 octets; `null` for no hash
 */
export const passwordFingerprint = (keyedHash: KeyedHash, passwordHash: string | null): Uint8Array | null =>
  passwordHash === null ? null : keyedHash.of('password-fingerprint', passwordHash);
