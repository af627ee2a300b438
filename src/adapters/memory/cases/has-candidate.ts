import { mismatchOf, type Routed } from '../../../domain/cases/eligibility.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { assignableOf } from './assignable-of.ts';

/** Whether a physician is there who could take the case, whatever his load. */
export const hasCandidate = (tables: ReadonlyMemoryTables, routed: Routed): boolean =>
  [...tables.physicians.values()].some(
    (physician) => mismatchOf(routed, assignableOf(tables, physician)) === null,
  );
