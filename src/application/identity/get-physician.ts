import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Physician } from '../../domain/identity/physician.ts';
import type { PhysicianId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface GetPhysicianCommand {
  readonly actor: Actor;
  readonly physicianId: PhysicianId;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'physicians'>;
}

/** Reads a physician of the admin's tenant. */
export class GetPhysician {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such physician
   * @throws {Forbidden} for whoever is no admin
   */
  async execute(command: GetPhysicianCommand): Promise<Physician | null> {
    const actor = authorizeMember(command.actor, 'physicians.read');
    return this.#deps.unitOfWork.stores(actor.tenantId).physicians.find(command.physicianId);
  }
}
