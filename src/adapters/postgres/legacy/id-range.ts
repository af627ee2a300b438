import type { CaseId } from '../../../domain/shared/ids.ts';

/** Comes before every other id. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Where a look at rows in the order of their ids begins, itself included: a row may have the lowest id of all.
 *
 * @param after `null` begins with the first
 */
export const fromId = (after: CaseId | null): string => after ?? LOWEST_ID;

/** Where it ends, itself included. @param through `null` ends with the last */
export const throughId = (through: CaseId | null): string => through ?? HIGHEST;

/** The rows without the one that was seen last. */
export const unseen = <Row extends { readonly uuid: string }>(
  rows: readonly Row[],
  after: CaseId | null,
): readonly Row[] => rows.filter(({ uuid }) => uuid !== after);
