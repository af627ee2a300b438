import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface ListTenantsCommand {
  readonly actor: Actor;
  readonly page: PageRequest;
}

interface Dependencies {
  readonly unitOfWork: UnitOfWork<'tenants'>;
}

/** Lists the organisations of the installation, newest first. */
export class ListTenants {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {Forbidden} for whoever is no admin of the practice itself */
  async execute(command: ListTenantsCommand): Promise<Page<Tenant>> {
    const actor = authorizeMember(command.actor, 'tenants.manage');
    return this.#deps.unitOfWork.stores(actor.tenantId).tenants.list(command.page);
  }
}
