import type { Assignable } from '../../../domain/cases/eligibility.ts';
import { type PhysicianRow, physicianOfRow } from './physician-row.ts';
import type { UserRow } from './user-row.ts';

/** A row of `physicians`, with what of the account and the cases behind it decides whether he may be given another. */
export interface AssignableRow extends PhysicianRow, Pick<UserRow, 'is_active' | 'role'> {
  readonly open_cases: number;
}

/** The physician of a row as somebody whom cases may be given to. */
export const assignableOfRow = (row: AssignableRow): Assignable => ({
  physician: physicianOfRow(row),
  isActive: row.is_active,
  role: row.role,
  openCases: row.open_cases,
});
