import { authorizeUser } from '../../domain/access/policy.ts';
import { checkCaseText } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { askInfo } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';
import { findCase } from '../steps/find-case.ts';
import { noticesToPatient, type CaseNoticing } from '../steps/notices-of-case.ts';
import { INFO_SECONDS } from '../../domain/cases/timers.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface AskInfoCommand extends CaseCommand {
  /** 1 to 20,000 code points. */
  readonly message: string;
}

interface Dependencies extends Omit<ActingOnCases & CaseNoticing, 'unitOfWork'> {
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians' | 'users' | 'outbox' | 'audit'>;
}

/** Asks the patient for something, as the assignee of his case; he is told by mail, and the case waits for him. */
export class AskInfo {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
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
    const found = await findCase(this.#deps.unitOfWork, actor, command.caseId);
    if (!found) return null;
    return actOnCase(this.#deps, {
      actor,
      found,
      version: command.version,
      decide: (act) => askInfo(found, act),
      message: { kind: 'info-request', text: command.message },
      notices: ({ now }) => {
        const expiresAt = addSeconds(now, INFO_SECONDS).toISOString();
        const content = { kind: 'case-info-requested', caseId: found.id, expiresAt } as const;
        return noticesToPatient(this.#deps, found, content);
      },
    });
  }
}
