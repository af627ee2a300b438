import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { CaseEvent } from '../../domain/cases/case-event.ts';
import { caseScopeOf } from '../../domain/cases/visibility.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListCaseEventsCommand {
  readonly actor: Actor;
  readonly caseId: CaseId;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'cases'>;
}

/** Lists what happened to a case, newest first; there is no text in it. */
export class ListCaseEvents {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns `null` for what the actor may not see, or sees in the queue only */
  async execute({ actor: given, caseId, page }: ListCaseEventsCommand): Promise<Page<CaseEvent> | null> {
    const actor = authorizeMember(given, 'cases.read');
    const { unitOfWork } = this.#deps;
    const found = await unitOfWork.stores(actor.tenantId).cases.find(caseId, caseScopeOf(actor));
    return found && unitOfWork.stores(found.tenantId).cases.listEvents(caseId, page);
  }
}
