import { authorizeUser } from '../../domain/access/policy.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { close } from '../../domain/cases/workflow.ts';
import { actOnCase, type ActingOnCases, type CaseCommand } from '../steps/act-on-case.ts';

/** Closes an answered case, as its patient. */
export class CloseCase {
  readonly #deps: ActingOnCases;

  constructor(deps: ActingOnCases) {
    this.#deps = deps;
  }

  /**
   * @returns `null` for what the actor may not see
   * @throws {Forbidden} for whoever is no patient
   * @throws {CaseNotAllowedInState}
   * @throws {CaseConflict} where it was changed meanwhile
   */
  async execute(command: CaseCommand): Promise<CaseView | null> {
    const actor = authorizeUser(command.actor, 'cases.reply');
    return actOnCase(this.#deps, actor, command, (found) => ({
      decide: (act) => close(found, act),
    }));
  }
}
