import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import type { OwnPhysicianChanges, Physician } from '../../domain/identity/physician.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type PhysicianSaving, type PhysicianStores, savePhysician } from '../steps/save-physician.ts';

export interface UpdateOwnPhysicianCommand {
  readonly actor: Actor;
  readonly changes: OwnPhysicianChanges;
}

interface Dependencies extends PhysicianSaving {
  readonly unitOfWork: UnitOfWork<keyof PhysicianStores>;
}

/**
 * Changes what a physician may change of himself: his languages, and whether he is away. A vacation that begins sends his cases back in
 * the same unit of work.
 */
export class UpdateOwnPhysician {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where nobody has made a physician of the account yet
   * @throws {Forbidden} for whoever is no physician
   * @throws {LanguageRejected}
   * @throws {TooManyLanguages}
   * @throws {PhysicianConflict} where the physician was changed meanwhile
   */
  async execute(command: UpdateOwnPhysicianCommand): Promise<Physician | null> {
    const actor = authorizeUser(command.actor, 'physicians.write-own');
    return this.#deps.unitOfWork.run(actor.tenantId, async (stores, elsewhere) => {
      const before = await stores.physicians.findByUser(actor.userId);
      if (!before) return null;
      const changes = ownOf(command.changes);
      return savePhysician(this.#deps, stores, elsewhere, actor, { before, changes });
    });
  }
}

/** What of the changes is his to make: types alone do not keep the rest out. */
const ownOf = ({
  languagePreference,
  languages,
  vacationMode,
}: OwnPhysicianChanges): OwnPhysicianChanges => ({
  ...(languagePreference !== undefined && { languagePreference }),
  ...(languages !== undefined && { languages }),
  ...(vacationMode !== undefined && { vacationMode }),
});
