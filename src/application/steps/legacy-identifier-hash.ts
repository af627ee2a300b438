import type { LegacyIdentifier } from '../../domain/legacy/legacy-identifier.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';

/**
 * What an identifier of a vendor is looked up by.
 *
 * @param vendorId in its normal form; `null` for records that name none
 * @returns 32 octets
 */
export const legacyIdentifierHash = (
  keyedHash: KeyedHash,
  vendorId: string | null,
  { kind, normal }: LegacyIdentifier,
): Uint8Array => keyedHash.of('legacy-identifier', JSON.stringify([vendorId ?? '', kind, normal]));
