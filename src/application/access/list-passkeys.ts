import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { Passkey } from '../../domain/access/second-factor.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListPasskeysCommand {
  readonly actor: Actor;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'secondFactors'>;
}

/** Lists one's own passkeys, the oldest first; an account has twenty at most. */
export class ListPasskeys {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async execute(command: ListPasskeysCommand): Promise<readonly Passkey[]> {
    const actor = authorizeUser(command.actor, 'factors.read');
    return this.#deps.unitOfWork.stores(actor.tenantId).secondFactors.listPasskeys(actor.userId);
  }
}
