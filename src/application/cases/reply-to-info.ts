import { authorizeUser } from '../../domain/access/policy.ts';
import { checkCaseText } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { reply } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';
import { lockAssignee } from '../steps/lock-assignee.ts';

export interface ReplyToInfoCommand extends CaseCommand {
  /** 1 to 20,000 code points. */
  readonly message: string;
}

/** Tells the assignee what he asked for, as the patient; where he is away the case goes back to the queue. */
export class ReplyToInfo {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no patient
   * @throws {CaseTextRejected}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: ReplyToInfoCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.reply');
    checkCaseText(command.message);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: async (act, stores) => reply(found, await lockAssignee(stores, found), act),
      message: { kind: 'reply', text: command.message },
    }));
  }
}
