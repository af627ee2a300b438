import { Forbidden } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { Case } from '../../domain/cases/case.ts';
import type { CaseAct } from '../../domain/cases/case-event.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import type { Assignable } from '../../domain/cases/eligibility.ts';
import { PhysicianNotEligible } from '../../domain/cases/errors.ts';
import type { Transition } from '../../domain/cases/transition.ts';
import { claim } from '../../domain/cases/workflow.ts';
import { actOnFound, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';

/** Takes a case from the queue, as an eligible physician. Of many who try at once, one gets it. */
export class ClaimCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns the case with its text; `null` where no physician of the actor's tenant may ever be given it
   * @throws {Forbidden} where he is not eligible for it
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where somebody has it, or it was changed meanwhile
   */
  async execute(command: CaseCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.claim');
    const { cases, physicians } = this.#deps.unitOfWork.stores(actor.tenantId);
    const [found, physician] = await Promise.all([
      cases.find(command.caseId, { kind: 'reach' }),
      physicians.findByUser(actor.userId),
    ]);
    if (!found) return null;
    if (!physician) throw new Forbidden('Nobody has made a physician of your account yet.');
    return actOnFound(
      this.#deps,
      { actor, found, version: command.version },
      {
        decide: async (act, stores) => {
          const assignable = await stores.physicians.lockAssignable(physician.id);
          if (!assignable) throw new Forbidden();
          return claimAs(found, assignable, act);
        },
      },
    );
  }
}

/** Who asks for himself is told that he may not, and why. */
function claimAs(found: Case, assignable: Assignable, act: CaseAct): Transition {
  try {
    return claim(found, assignable, act);
  } catch (error) {
    throw error instanceof PhysicianNotEligible ? new Forbidden(error.message) : error;
  }
}
