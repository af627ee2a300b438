import type { LegacyLink } from './legacy-link.ts';
import { isAmbiguous, type LegacyRecord } from './legacy-record.ts';

/** Whose the records are that say the identifier of a link. */
export interface OwedRecords {
  /** Nobody's, and to become the account's. */
  readonly owed: readonly LegacyRecord[];
  /** The account's already. */
  readonly own: readonly LegacyRecord[];
  /** Another account's: they stay so. */
  readonly others: readonly LegacyRecord[];
  /** Nobody's, and of several people perhaps: they stay so until an admin has looked. */
  readonly ambiguous: readonly LegacyRecord[];
}

/**
 * Tells the records that say the identifier of a link apart. An admin who approved the link has looked whether they are of one person;
 * whatever else proved it has not.
 */
export function owedRecords(
  { kind, proof, userId }: Pick<LegacyLink, 'kind' | 'proof' | 'userId'>,
  records: readonly LegacyRecord[],
): OwedRecords {
  const free = records.filter(({ ownerId }) => ownerId === null);
  const isDoubtful = proof !== 'admin' && isAmbiguous(kind, records);
  return {
    owed: isDoubtful ? [] : free,
    own: records.filter(({ ownerId }) => ownerId === userId),
    others: records.filter(({ ownerId }) => ownerId !== null && ownerId !== userId),
    ambiguous: isDoubtful ? free : [],
  };
}
