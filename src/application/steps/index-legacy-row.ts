import { LEGACY_IDENTIFIER_KINDS } from '../../domain/legacy/legacy-identifier.ts';
import { identifiersOf } from '../../domain/legacy/legacy-record.ts';
import { sameOctets } from '../../domain/shared/octets.ts';
import type { ComparedRow, IndexableRow, LegacyIndexEntry } from '../ports/legacy/legacy-index.ts';
import type { LegacyLookup } from '../ports/legacy/legacy-requests.ts';
import { type LegacyLookingUp, legacyLookup } from './legacy-lookup.ts';

/** A row, what the index has to say of it, and by what it is found. */
export interface IndexedRow {
  readonly row: IndexableRow;
  readonly entry: LegacyIndexEntry;
  readonly lookups: readonly LegacyLookup[];
}

/**
 * What the index has to say of a row.
 *
 * @param entry what it says so far; `null` where nothing
 * @param now when it was first seen, where neither row nor entry says when it was made
 */
export function indexLegacyRow(deps: LegacyLookingUp, { row, entry }: ComparedRow, now: Date): IndexedRow {
  const { caseId, language, vendorId } = row;
  const { identifierKind } = deps.vendorDirectory.find(vendorId);
  const lookups = identifiersOf(row, identifierKind).map((found) => legacyLookup(deps, vendorId, found));
  const hashes = Object.fromEntries(lookups.map(({ kind, hash }) => [kind, hash]));
  const createdAt = row.createdAt ?? entry?.createdAt ?? now;
  return { row, entry: { caseId, vendorId, createdAt, language, hashes }, lookups };
}

/** Whether the index says this of the row already. */
export const isIndexed = (entry: LegacyIndexEntry, known: LegacyIndexEntry | null): boolean =>
  known !== null &&
  entry.vendorId === known.vendorId &&
  entry.language === known.language &&
  entry.createdAt.getTime() === known.createdAt.getTime() &&
  LEGACY_IDENTIFIER_KINDS.every((kind) => {
    const [own, other] = [entry.hashes[kind], known.hashes[kind]];
    return own === undefined || other === undefined ? own === other : sameOctets(own, other);
  });
