import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type Profile, readProfile } from '../steps/read-profile.ts';

export interface GetProfileCommand {
  readonly actor: Actor;
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
    const profile = await readProfile(this.#deps.unitOfWork.stores(actor.tenantId), actor.userId);
    if (!profile) throw new Unauthenticated();
    return profile;
  }
}
