import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { User } from '../../domain/identity/user.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListUsersCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'users'>;
}

/** Lists the accounts of the admin's tenant, newest first. */
export class ListUsers {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for whoever is no admin */
  async execute(command: ListUsersCommand): Promise<Page<User>> {
    const actor = authorizeMember(command.actor, 'users.read');
    return this.#deps.unitOfWork.stores(actor.tenantId).users.list(command.page);
  }
}
