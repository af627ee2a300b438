import { authorizeUser } from '../../domain/access/policy.ts';
import { checkCaseText } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { askInfo } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingWithNotices, type CaseCommand } from '../steps/act-on-case.ts';
import { noticesToPatient } from '../steps/notices-of-case.ts';
import { INFO_SECONDS } from '../../domain/cases/timers.ts';
import { addSeconds } from '../../domain/shared/time.ts';

export interface AskInfoCommand extends CaseCommand {
  /** 1 to 20,000 code points. */
  readonly message: string;
}

/** Asks the patient for something, as the assignee of his case; he is told by mail, and the case waits for him. */
export class AskInfo {
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
  async execute(command: AskInfoCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.work');
    checkCaseText(command.message);
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => askInfo(found, act),
      message: { kind: 'info-request', text: command.message },
      notices: ({ now }) => {
        const expiresAt = addSeconds(now, INFO_SECONDS).toISOString();
        const content = { kind: 'case-info-requested', caseId: found.id, expiresAt } as const;
        return noticesToPatient(this.#deps, found, content);
      },
    }));
  }
}
