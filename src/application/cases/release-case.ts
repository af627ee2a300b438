import { authorizeMember } from '../../domain/access/policy.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { release } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';

export interface ReleaseCaseCommand extends CaseCommand {
  /** Why, in 1 to 1,000 code points; kept encrypted. */
  readonly reason?: string | undefined;
}

/** Gives a case back to the queue, as its assignee or as an admin. */
export class ReleaseCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for patients
   * @throws {CaseReasonRejected}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: ReleaseCaseCommand): Promise<CaseView | null> {
    const actor = authorizeMember(command.actor, 'cases.release');
    if (command.reason !== undefined) checkReason(command.reason);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => release(found, act),
      reason: command.reason,
    }));
  }
}
