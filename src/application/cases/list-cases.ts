import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Case } from '../../domain/cases/case.ts';
import { caseScopeOf } from '../../domain/cases/visibility.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { CaseFilter } from '../ports/stores/case-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListCasesCommand {
  readonly actor: Actor;
  readonly filter: CaseFilter;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'cases'>;
}

/** Lists the cases that the actor may see, newest first, without their text. */
export class ListCases {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async execute(command: ListCasesCommand): Promise<Page<Case>> {
    const actor = authorizeMember(command.actor, 'cases.read');
    const { cases } = this.#deps.unitOfWork.stores(actor.tenantId);
    return cases.list(caseScopeOf(actor), command.filter, command.page);
  }
}
