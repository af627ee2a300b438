import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface FindTenantBySlugCommand {
  readonly actor: Actor;
  readonly slug: string;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'tenants'>;
}

/** Finds an organisation by the name that people sign in to; for operators, who do not know its id by heart. */
export class FindTenantBySlug {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where there is no such tenant
   * @throws {Forbidden} for whoever is no admin of the practice itself
   */
  async execute(command: FindTenantBySlugCommand): Promise<Tenant | null> {
    const actor = authorizeMember(command.actor, 'tenants.manage');
    return this.#deps.unitOfWork.stores(actor.tenantId).tenants.findBySlug(command.slug);
  }
}
