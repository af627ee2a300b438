import { type EmailAddress, isEmailAddress, normalEmail } from '../shared/email-address.ts';
import type { CaseId, UserId } from '../shared/ids.ts';
import {
  identifierIn,
  isCaseless,
  isPlaceholder,
  type LegacyIdentifier,
  type LegacyIdentifierKind,
  normalIdentifier,
} from './legacy-identifier.ts';

/** What the legacy service knows of the person behind a request, as its row says it now. */
export interface LegacyRecord {
  /** `rn_requests.uuid`. */
  readonly caseId: CaseId;
  /** In its normal form; `null` where the row names none. */
  readonly vendorId: string | null;
  /** As it is stored. */
  readonly userId: string | null;
  /** National id, phone or e-mail, as it is stored. */
  readonly identifier: string | null;
  /** The account that owns it already; `null` where none does. */
  readonly ownerId: UserId | null;
}

/** The record alone, of what may say more. */
export const recordOf = ({ caseId, identifier, ownerId, userId, vendorId }: LegacyRecord): LegacyRecord => ({
  caseId,
  vendorId,
  userId,
  identifier,
  ownerId,
});

/**
 * By what a record can be found: the legacy service's own id of the person, and the identifier that it has from him.
 *
 * @param vendorKind the kind of identifier that the record's vendor uses; `null` where that is not known
 */
export function identifiersOf(
  { userId, identifier }: Pick<LegacyRecord, 'userId' | 'identifier'>,
  vendorKind: LegacyIdentifierKind | null,
): readonly LegacyIdentifier[] {
  const normal = userId === null ? null : normalIdentifier('legacy_user_id', userId);
  const own = normal === null ? [] : [{ kind: 'legacy_user_id', normal } as const];
  const found = identifierIn(identifier, vendorKind);
  return found ? [...own, found] : own;
}

/** A legacy user id that stands for somebody, in its normal form. */
function userIdOf({ userId }: Pick<LegacyRecord, 'userId'>): string | null {
  const normal = userId === null ? null : normalIdentifier('legacy_user_id', userId);
  return normal === null || isPlaceholder('legacy_user_id', normal) ? null : normal;
}

/**
 * The spelling by which one legacy user id is told from another. Ids are found in either case and however Unicode composes them; to the
 * legacy service, which compares them as they are, those may be two. Only addresses and UUIDs are surely the same.
 *
 * @returns `null` where nobody has the id
 */
export function spellingOf(record: Pick<LegacyRecord, 'userId'>): string | null {
  const normal = userIdOf(record);
  return normal === null || isCaseless(normal) ? normal : (record.userId?.trim() ?? null);
}

/** Whether the records that one identifier leads to may be of several people: then an admin has to look. */
export function isAmbiguous(
  kind: LegacyIdentifierKind,
  records: readonly Pick<LegacyRecord, 'userId'>[],
): boolean {
  const people = records.map(kind === 'legacy_user_id' ? spellingOf : userIdOf);
  return new Set(people.filter((person) => person !== null)).size > 1;
}

/** The addresses that records hold, in their normal form: where a code may go. */
export function contactsOf(records: readonly LegacyRecord[]): readonly EmailAddress[] {
  const texts = records.flatMap(({ identifier, userId }) => [identifier, userId]);
  const addresses = texts
    .filter((text) => text !== null)
    .filter(isEmailAddress)
    .map(normalEmail);
  return [...new Set(addresses)].filter((address) => !isPlaceholder('email', address));
}
