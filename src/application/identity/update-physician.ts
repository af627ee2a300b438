import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Physician, PhysicianChanges } from '../../domain/identity/physician.ts';
import type { PhysicianId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { type PhysicianSaving, type PhysicianStores, savePhysician } from '../steps/save-physician.ts';

export interface UpdatePhysicianCommand {
  readonly actor: Actor;
  readonly physicianId: PhysicianId;
  readonly changes: PhysicianChanges;
}

interface Dependencies extends PhysicianSaving {
  readonly unitOfWork: UnitOfWork<keyof PhysicianStores>;
}

/** Changes a physician, on an admin's word. A vacation that begins sends his cases back in the same unit of work. */
export class UpdatePhysician {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such physician
   * @throws {Forbidden} for whoever is no admin
   * @throws {LanguageRejected}
   * @throws {TooManyLanguages}
   * @throws {PoolRejected}
   * @throws {CaseLimitRejected}
   * @throws {PhysicianConflict} where the physician was changed meanwhile
   */
  async execute(command: UpdatePhysicianCommand): Promise<Physician | null> {
    const actor = authorizeMember(command.actor, 'physicians.write');
    return this.#deps.unitOfWork.run(actor.tenantId, async (stores, elsewhere) => {
      const before = await stores.physicians.find(command.physicianId);
      if (!before) return null;
      return savePhysician(this.#deps, stores, elsewhere, actor, { before, changes: command.changes });
    });
  }
}
