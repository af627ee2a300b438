import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { endSessions, type SessionsEnding } from '../steps/end-sessions.ts';

export interface RevokeOtherSessionsCommand {
  readonly actor: Actor;
}

/** Ends every session of the actor but the one he came with. */
export class RevokeOtherSessions {
  readonly #deps: SessionsEnding;

  constructor(deps: SessionsEnding) {
    this.#deps = deps;
  }

  /** @returns how many it ended */
  async execute(command: RevokeOtherSessionsCommand): Promise<number> {
    const actor = authorizeUser(command.actor, 'sessions.manage');
    return endSessions(this.#deps, actor, actor.userId, actor.sessionId);
  }
}
