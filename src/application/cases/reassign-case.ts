import { authorizeMember } from '../../domain/access/policy.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { reassign } from '../../domain/cases/workflow.ts';
import type { ActingWithNotices } from '../steps/act-on-case.ts';
import { type AssignmentCommand, giveCase } from '../steps/give-case.ts';

/** Gives a case that a physician has to another one, as an admin, whatever his load; he is told by mail. */
export class ReassignCase {
  readonly #deps: ActingWithNotices;

  constructor(deps: ActingWithNotices) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such case, or there is no such physician for it
   * @throws {Forbidden} for whoever is no admin
   * @throws {CaseReasonRejected}
   * @throws {PhysicianNotEligible}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile, or he has it already
   */
  async execute(command: AssignmentCommand): Promise<CaseView | null> {
    return giveCase(this.#deps, authorizeMember(command.actor, 'cases.assign'), command, reassign);
  }
}
