import type { Case } from '../../domain/cases/case.ts';
import type { Assignable } from '../../domain/cases/eligibility.ts';
import { CaseNotAllowedInState } from '../../domain/cases/errors.ts';
import type { Stores } from '../ports/unit-of-work.ts';

/**
 * The physician who has the case, held until the unit of work ends: whether he is away stays as it is.
 *
 * @throws {CaseNotAllowedInState} where nobody has it
 */
export async function lockAssignee(
  { physicians }: Pick<Stores, 'physicians'>,
  { physicianId, state }: Case,
): Promise<Assignable> {
  const assignee = physicianId === null ? null : await physicians.lockAssignable(physicianId);
  if (!assignee) throw new CaseNotAllowedInState(state);
  return assignee;
}
