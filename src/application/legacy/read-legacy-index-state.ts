import type { Actor } from '../../domain/access/actor.ts';
import { authorize } from '../../domain/access/policy.ts';
import type { LegacyIndex, LegacyIndexCounts } from '../ports/legacy/legacy-index.ts';

export interface ReadLegacyIndexStateCommand {
  readonly actor: Actor;
}

/** How far the index of the legacy service's requests has come. */
export interface LegacyIndexProgress extends LegacyIndexCounts {
  /** Whether every row is in it that was there when it was built; newer ones follow within seconds. */
  readonly isComplete: boolean;
}

interface Dependencies {
  readonly legacyIndex: LegacyIndex;
}

/** Says how far the index of the legacy service's requests has come. */
export class ReadLegacyIndexState {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {Forbidden} for everybody but the installation itself
   * @throws {Unavailable}
   */
  async execute({ actor }: ReadLegacyIndexStateCommand): Promise<LegacyIndexProgress> {
    authorize(actor, 'legacy.operate');
    const { legacyIndex } = this.#deps;
    const { completedAt } = await legacyIndex.readState();
    return { ...(await legacyIndex.count()), isComplete: completedAt !== null };
  }
}
