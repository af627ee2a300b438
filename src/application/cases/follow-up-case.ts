import { authorizeUser } from '../../domain/access/policy.ts';
import { checkCaseText } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { followUp } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';
import { lockAssignee } from '../steps/lock-assignee.ts';

export interface FollowUpCaseCommand extends CaseCommand {
  /** 1 to 20,000 code points. */
  readonly message: string;
}

/** Asks something about an answer, as the patient: within 14 days, twice at most. */
export class FollowUpCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no patient
   * @throws {CaseTextRejected}
   * @throws {FollowUpsOver}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: FollowUpCaseCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.reply');
    checkCaseText(command.message);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: async (act, stores) => followUp(found, await lockAssignee(stores, found), act),
      message: { kind: 'follow-up', text: command.message },
    }));
  }
}
