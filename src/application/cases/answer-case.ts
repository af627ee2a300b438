import { authorizeUser } from '../../domain/access/policy.ts';
import { checkCaseText } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { answer } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingWithNotices, type CaseCommand } from '../steps/act-on-case.ts';
import { noticesToPatient } from '../steps/notices-of-case.ts';

export interface AnswerCaseCommand extends CaseCommand {
  /** 1 to 20,000 code points. */
  readonly answer: string;
}

/** Answers a case, as its assignee; its patient is told by mail that an answer waits. */
export class AnswerCase {
  readonly #deps: ActingWithNotices;

  constructor(deps: ActingWithNotices) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no physician
   * @throws {CaseTextRejected}
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: AnswerCaseCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.work');
    checkCaseText(command.answer);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => answer(found, act),
      message: { kind: 'answer', text: command.answer },
      notices: () => noticesToPatient(this.#deps, found, { kind: 'case-answered', caseId: found.id }),
    }));
  }
}
