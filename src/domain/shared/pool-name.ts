import { isStorable, isTextWithin } from './text.ts';

/** The name of a closed pool of physicians; compared as it is written. */
export type PoolName = string;

/** The most code points of a name. */
export const POOL_NAME_MAX_LENGTH = 100;

/**
 * The form in which names of pools are kept, so that what a tenant asks for and what a physician serves meet: NFC, without blanks
 * around it.
 *
 * @returns `null` where the text can name no pool: nothing is left of it, it has more than 100 code points, or it is not well-formed
 */
export function canonicalPoolName(text: string): PoolName | null {
  if (!isStorable(text)) return null;
  const name = text.normalize('NFC').trim();
  return isTextWithin(name, POOL_NAME_MAX_LENGTH) ? name : null;
}
