import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { User } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface GetUserCommand {
  readonly actor: Actor;
  readonly userId: UserId;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'users'>;
}

/** Reads an account of the admin's tenant. */
export class GetUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such account
   * @throws {Forbidden} for whoever is no admin
   */
  async execute(command: GetUserCommand): Promise<User | null> {
    const actor = authorizeMember(command.actor, 'users.read');
    return this.#deps.unitOfWork.stores(actor.tenantId).users.find(command.userId);
  }
}
