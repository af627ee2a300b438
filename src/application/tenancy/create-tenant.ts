import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { createTenant, type NewTenant, type Tenant } from '../../domain/tenancy/tenant.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';

export interface CreateTenantCommand {
  readonly actor: Actor;
  readonly tenant: NewTenant;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly unitOfWork: UnitOfWork<'tenants' | 'audit'>;
}

/** Adds an organisation, on the operator's word. */
export class CreateTenant {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {Forbidden} for whoever is no admin of the practice itself
   * @throws {SlugRejected}
   * @throws {SlugTaken}
   */
  async execute(command: CreateTenantCommand): Promise<Tenant> {
    const actor = authorizeMember(command.actor, 'tenants.manage');
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const now = clock.now();
    const tenant = createTenant(idGenerator.next(), command.tenant, now);
    const act = { action: 'tenancy.tenant-created', subject: { type: 'tenant', id: tenant.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    await unitOfWork.run(actor.tenantId, async ({ tenants, audit }) => {
      await tenants.add(tenant);
      await audit.add(entry);
    });
    return tenant;
  }
}
