import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { Physician } from '../../domain/identity/physician.ts';
import type { User } from '../../domain/identity/user.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface GetProfileCommand {
  readonly actor: Actor;
}

/** An account as its owner sees it. */
export interface Profile {
  readonly user: User;
  /** `null` for everybody but physicians. */
  readonly physician: Physician | null;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'users' | 'physicians'>;
}

/** Reads one's own account. */
export class GetProfile {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Unauthenticated} where the account does not exist any more */
  async execute(command: GetProfileCommand): Promise<Profile> {
    const actor = authorizeUser(command.actor, 'account.read');
    const { users, physicians } = this.#deps.unitOfWork.stores(actor.tenantId);
    const user = await users.find(actor.userId);
    if (!user) throw new Unauthenticated();
    const physician = user.role === 'physician' ? await physicians.findByUser(user.id) : null;
    return { user, physician };
  }
}
