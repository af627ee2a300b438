import type { PageRequest } from '../../domain/shared/page.ts';

/** The order of every list: newest first. */
export const NEWEST_FIRST = 'ORDER BY created_at DESC, uuid DESC';

/** Narrows to what comes after a position in that order; the parameters `first` and the next come from {@link positionOf}. */
export const afterPosition = (first: number): string =>
  `(created_at, uuid) < ($${String(first)}::timestamptz, $${String(first + 1)}::uuid)`;

/**
 * The position to go on from. The first page begins after a position that no record has, so that every page is one statement
 * that the index answers.
 */
export const positionOf = ({ after }: PageRequest): readonly [createdAt: Date | string, id: string] =>
  after === null ? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] : [after.createdAt, after.id];
