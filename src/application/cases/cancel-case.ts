import { authorizeMember } from '../../domain/access/policy.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { cancel } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';

export interface CancelCaseCommand extends CaseCommand {
  /** Why, in 1 to 1,000 code points; kept encrypted. */
  readonly reason: string;
}

/** Ends a case for which no opinion is wanted any more, as its patient or as an admin. */
export class CancelCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for physicians
   * @throws {CaseReasonRejected}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: CancelCaseCommand): Promise<CaseView | null> {
    const actor = authorizeMember(command.actor, 'cases.cancel');
    checkReason(command.reason);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => cancel(found, act),
      reason: command.reason,
    }));
  }
}
