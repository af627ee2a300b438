import { type Case, OPEN_STATES } from '../../../domain/cases/case.ts';
import type { Assignable } from '../../../domain/cases/eligibility.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { PhysicianId } from '../../../domain/shared/ids.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';

const OPEN: readonly Case['state'][] = OPEN_STATES;

/** The cases that the physician has and that are not answered. */
export const openCasesOf = (tables: ReadonlyMemoryTables, physicianId: PhysicianId): readonly Case[] =>
  [...tables.cases.values()].filter((row) => row.physicianId === physicianId && OPEN.includes(row.state));

/**
 * The physician as somebody who may be given cases.
 *
 * @throws {Error} where he has no account: a fault, never a refusal
 */
export function assignableOf(tables: ReadonlyMemoryTables, physician: Physician): Assignable {
  const user = tables.users.get(physician.userId);
  if (!user) throw new Error('The physician has no account.');
  const openCases = openCasesOf(tables, physician.id).length;
  return { physician, isActive: user.isActive, role: user.role, openCases };
}
