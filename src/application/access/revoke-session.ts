import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { SessionId } from '../../domain/shared/ids.ts';
import { endSession, type SessionEnding } from '../steps/end-session.ts';

export interface RevokeSessionCommand {
  readonly actor: Actor;
  readonly sessionId: SessionId;
}

/** Ends one of the actor's own sessions, on whatever device. */
export class RevokeSession {
  readonly #deps: SessionEnding;

  constructor(deps: SessionEnding) {
    this.#deps = deps;
  }

  /** @returns `false` where the actor has no such live session */
  async execute(command: RevokeSessionCommand): Promise<boolean> {
    const actor = authorizeUser(command.actor, 'sessions.manage');
    return endSession(this.#deps, actor, command.sessionId, 'revoked');
  }
}
