import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface GetTenantCommand {
  readonly actor: Actor;
  readonly tenantId: TenantId;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'tenants'>;
}

/** Reads an organisation. */
export class GetTenant {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where there is no such tenant
   * @throws {Forbidden} for whoever is no admin of the practice itself
   */
  async execute(command: GetTenantCommand): Promise<Tenant | null> {
    const actor = authorizeMember(command.actor, 'tenants.manage');
    return this.#deps.unitOfWork.stores(actor.tenantId).tenants.find(command.tenantId);
  }
}
