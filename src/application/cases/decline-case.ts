import { authorizeUser } from '../../domain/access/policy.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { decline } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';
import { findCase } from '../steps/find-case.ts';
import { noticesToPatient, type CaseNoticing } from '../steps/notices-of-case.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface DeclineCaseCommand extends CaseCommand {
  /** Why, in 1 to 1,000 code points; kept encrypted. */
  readonly reason: string;
}

interface Dependencies extends Omit<ActingOnCases & CaseNoticing, 'unitOfWork'> {
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians' | 'users' | 'outbox' | 'audit'>;
}

/** Ends a case on which its assignee cannot give an opinion; its patient is told by mail. */
export class DeclineCase {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
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
    const found = await findCase(this.#deps.unitOfWork, actor, command.caseId);
    if (!found) return null;
    return actOnCase(this.#deps, {
      actor,
      found,
      version: command.version,
      decide: (act) => decline(found, act),
      reason: command.reason,
      notices: () => noticesToPatient(this.#deps, found, { kind: 'case-declined', caseId: found.id }),
    });
  }
}
