import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endSessions, type SessionsEnding } from '../steps/end-sessions.ts';

export interface RevokeUserSessionsCommand {
  readonly actor: Actor;
  readonly userId: UserId;
}

interface Dependencies extends SessionsEnding {
  readonly unitOfWork: UnitOfWork<'users' | 'sessions' | 'oneTimeTokens' | 'audit'>;
}

/** Ends every session of an account, on an admin's word. */
export class RevokeUserSessions {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns how many it ended; `null` where the tenant has no such account
   * @throws {Forbidden} for whoever is no admin
   */
  async execute(command: RevokeUserSessionsCommand): Promise<number | null> {
    const actor = authorizeMember(command.actor, 'users.write');
    const user = await this.#deps.unitOfWork.stores(actor.tenantId).users.find(command.userId);
    return user ? endSessions(this.#deps, actor, user.id, null) : null;
  }
}
