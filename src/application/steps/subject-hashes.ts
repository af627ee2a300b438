import { identifiersOf } from '../../domain/legacy/legacy-record.ts';
import type { LegacySubject } from '../../domain/legacy/legacy-session.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import { legacyIdentifierHash } from './legacy-identifier-hash.ts';

/** What finding the links of a legacy session's person needs. */
export interface SubjectHashing {
  readonly keyedHash: KeyedHash;
  readonly vendorDirectory: VendorDirectory;
}

/**
 * By what links are looked up for the person behind a legacy session: the legacy service's own id of him first, and then his identifier.
 *
 * @returns 32 octets each; none where what the session says can be nobody's identifier
 */
export const subjectHashes = (
  { keyedHash, vendorDirectory }: SubjectHashing,
  subject: LegacySubject,
): readonly Uint8Array[] =>
  identifiersOf(subject, vendorDirectory.find(subject.vendorId).identifierKind).map((identifier) =>
    legacyIdentifierHash(keyedHash, subject.vendorId, identifier),
  );
