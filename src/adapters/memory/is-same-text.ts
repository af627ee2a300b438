import type { SealedText } from '../../application/ports/security/text-cipher.ts';
import { octetKey } from './memory-tables.ts';

/** Whether these are the same octets under the same key. */
export const isSameText = (a: SealedText, b: SealedText): boolean =>
  a.keyId === b.keyId && octetKey(a.bytes) === octetKey(b.bytes);
