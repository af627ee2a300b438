import type { KeyedHash } from '../ports/security/keyed-hash.ts';

/** A receipt as it is stored. Whatever is no receipt has a hash as well, which nothing is stored under. */
export const receiptHash = (keyedHash: KeyedHash, receipt: string): Uint8Array =>
  keyedHash.of('case-receipt', receipt);
