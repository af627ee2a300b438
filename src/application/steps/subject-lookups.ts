import { isPlaceholder } from '../../domain/legacy/legacy-identifier.ts';
import { identifiersOf, isAmbiguous } from '../../domain/legacy/legacy-record.ts';
import type { LegacySubject } from '../../domain/legacy/legacy-session.ts';
import type { LegacyLookup, LegacyRequests } from '../ports/legacy/legacy-requests.ts';
import { legacyLookup, type LegacyLookingUp } from './legacy-lookup.ts';

/**
 * By what the person behind a legacy session is looked up: the legacy service's own id of him first, and then his identifier.
 *
 * @returns none where what the session says can be nobody's identifier
 */
export const subjectLookups = (deps: LegacyLookingUp, subject: LegacySubject): readonly LegacyLookup[] =>
  identifiersOf(subject, deps.vendorDirectory.find(subject.vendorId).identifierKind).map((identifier) =>
    legacyLookup(deps, subject.vendorId, identifier),
  );

/**
 * Whether an identifier of a legacy session speaks for its person alone: it stands for somebody, and neither the session nor any row that
 * says it names another one. Who shares an identifier must not come into the account that it is linked to.
 */
export async function speaksForHimAlone(
  { legacyRequests }: { readonly legacyRequests: LegacyRequests },
  subject: LegacySubject,
  lookup: LegacyLookup,
): Promise<boolean> {
  if (isPlaceholder(lookup.kind, lookup.normal)) return false;
  const records = await legacyRequests.findByIdentifier(lookup);
  return !isAmbiguous(lookup.kind, [...records, subject]);
}
