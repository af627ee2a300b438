import { authorizeUser } from '../../domain/access/policy.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { decline } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingWithNotices, type CaseCommand } from '../steps/act-on-case.ts';
import { noticesToPatient } from '../steps/notices-of-case.ts';

export interface DeclineCaseCommand extends CaseCommand {
  /** Why, in 1 to 1,000 code points; kept encrypted. */
  readonly reason: string;
}

/** Ends a case on which its assignee cannot give an opinion; its patient is told by mail. */
export class DeclineCase {
  readonly #deps: ActingWithNotices;

  constructor(deps: ActingWithNotices) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no physician
   * @throws {CaseReasonRejected}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: DeclineCaseCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.work');
    checkReason(command.reason);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => decline(found, act),
      reason: command.reason,
      notices: () => noticesToPatient(this.#deps, found, { kind: 'case-declined', caseId: found.id }),
    }));
  }
}
