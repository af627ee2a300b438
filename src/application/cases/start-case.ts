import { authorizeUser } from '../../domain/access/policy.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { start } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';

/** Begins to review a case, as its assignee. */
export class StartCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no physician
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: CaseCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.work');
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => start(found, act),
    }));
  }
}
