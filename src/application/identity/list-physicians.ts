import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Physician } from '../../domain/identity/physician.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListPhysiciansCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'physicians'>;
}

/** Lists the physicians of the admin's tenant, newest first. */
export class ListPhysicians {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for whoever is no admin */
  async execute(command: ListPhysiciansCommand): Promise<Page<Physician>> {
    const actor = authorizeMember(command.actor, 'physicians.read');
    return this.#deps.unitOfWork.stores(actor.tenantId).physicians.list(command.page);
  }
}
