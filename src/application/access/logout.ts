import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { endSession, type SessionEnding } from '../steps/end-session.ts';

export interface LogoutCommand {
  readonly actor: Actor;
}

/** Ends the session that the actor came with, its access and refresh tokens included. */
export class Logout {
  readonly #deps: SessionEnding;

  constructor(deps: SessionEnding) {
    this.#deps = deps;
  }

  /** Harmless when the session is over already. */
  async execute(command: LogoutCommand): Promise<void> {
    const actor = authorizeUser(command.actor, 'sessions.manage');
    await endSession(this.#deps, actor, actor.sessionId, 'signed-out');
  }
}
