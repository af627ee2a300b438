import type { LegacyLink } from '../../domain/legacy/legacy-link.ts';
import { hexOf } from '../../domain/shared/octets.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';

/**
 * The stored form of a code by which an account proves that it has an identifier: of no use for another account or identifier.
 *
 * @returns 32 octets
 */
export const legacyLinkCodeHash = (
  keyedHash: KeyedHash,
  { identifierHash, userId }: Pick<LegacyLink, 'identifierHash' | 'userId'>,
  code: string,
): Uint8Array => keyedHash.of('legacy-link-code', `${userId}\n${hexOf(identifierHash)}\n${code}`);
