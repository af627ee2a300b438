import { authorizeMember } from '../../domain/access/policy.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { voidCase } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';

export interface VoidCaseCommand extends CaseCommand {
  /** Why, in 1 to 1,000 code points; kept encrypted. */
  readonly reason: string;
}

/** Hides a case from everybody but admins; nothing of it is deleted. */
export class VoidCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no admin
   * @throws {CaseReasonRejected}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: VoidCaseCommand): Promise<CaseView | null> {
    const actor = authorizeMember(command.actor, 'cases.void');
    checkReason(command.reason);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => voidCase(found, act),
      reason: command.reason,
    }));
  }
}
