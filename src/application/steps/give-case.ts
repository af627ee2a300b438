import type { SystemActor, UserActor } from '../../domain/access/actor.ts';
import type { Case } from '../../domain/cases/case.ts';
import type { CaseAct } from '../../domain/cases/case-event.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import type { Assignable } from '../../domain/cases/eligibility.ts';
import { PhysicianNotEligible } from '../../domain/cases/errors.ts';
import type { Transition } from '../../domain/cases/transition.ts';
import type { PhysicianId } from '../../domain/shared/ids.ts';
import { actOnFound, type ActingWithNotices, type CaseCommand } from './act-on-case.ts';
import { findCase } from './find-case.ts';
import { noticesToPhysician } from './notices-of-case.ts';

export interface AssignmentCommand extends CaseCommand {
  /** Of the case's tenant, or of the practice. */
  readonly physicianId: PhysicianId;
  /** Why, in 1 to 1,000 code points; kept encrypted. */
  readonly reason: string;
}

/**
 * Gives a case to a physician by one of the rules for that, with a mail to him.
 *
 * @returns `null` where the tenant has no such case, or there is no such physician for it
 * @throws {CaseReasonRejected}
 */
export async function giveCase(
  deps: ActingWithNotices,
  actor: UserActor | SystemActor,
  { caseId, physicianId, reason, version }: AssignmentCommand,
  rule: (found: Case, to: Assignable, act: CaseAct) => Transition,
): Promise<CaseView | null> {
  checkReason(reason);
  const found = await findCase(deps.unitOfWork, actor, caseId);
  const to = await deps.unitOfWork.stores(actor.tenantId).physicians.findAssignable(physicianId);
  if (!found || !to) return null;
  return actOnFound(
    deps,
    { actor, found, version },
    {
      reason,
      decide: async (act, { physicians }) => {
        const assignable = await physicians.lockAssignable(physicianId);
        if (!assignable) throw new PhysicianNotEligible('inactive');
        return rule(found, assignable, act);
      },
      notices: (act) => {
        // Where the case waited for its patient, it is due later by that.
        const { dueAt } = rule(found, to, act).after;
        const content = { kind: 'case-assigned', caseId, dueAt: dueAt.toISOString() } as const;
        return noticesToPhysician(deps, to.physician, content);
      },
    },
  );
}
