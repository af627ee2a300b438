import type { Actor } from '../../domain/access/actor.ts';
import { type FactorRemoving, removeFactor } from '../steps/remove-factor.ts';

export interface RemoveTotpCommand {
  readonly actor: Actor;
}

/** Takes one's own authenticator app away. */
export class RemoveTotp {
  readonly #deps: FactorRemoving;

  constructor(deps: FactorRemoving) {
    this.#deps = deps;
  }

  /**
   * Harmless where there is none.
   *
   * @throws {StepUpRequired}
   * @throws {LastSecondFactor}
   * @throws {UserConflict} where the account was changed meanwhile
   */
  async execute(command: RemoveTotpCommand): Promise<void> {
    await removeFactor(this.#deps, command.actor, {
      factor: 'totp',
      remove: (secondFactors, userId) => secondFactors.removeTotp(userId),
    });
  }
}
