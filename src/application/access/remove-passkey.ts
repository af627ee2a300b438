import type { Actor } from '../../domain/access/actor.ts';
import type { PasskeyId } from '../../domain/shared/ids.ts';
import { type FactorRemoving, removeFactor } from '../steps/remove-factor.ts';

export interface RemovePasskeyCommand {
  readonly actor: Actor;
  readonly passkeyId: PasskeyId;
}

/** Takes one of one's own passkeys away. */
export class RemovePasskey {
  readonly #deps: FactorRemoving;

  constructor(deps: FactorRemoving) {
    this.#deps = deps;
  }

  /**
   * @returns `false` where the actor has no such passkey
   * @throws {StepUpRequired}
   * @throws {LastSecondFactor}
   * @throws {UserConflict} where the account was changed meanwhile
   */
  execute(command: RemovePasskeyCommand): Promise<boolean> {
    return removeFactor(this.#deps, command.actor, {
      factor: 'passkey',
      remove: (secondFactors, userId) => secondFactors.removePasskey(userId, command.passkeyId),
    });
  }
}
