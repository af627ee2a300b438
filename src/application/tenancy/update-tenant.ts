import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import { changeTenant, type Tenant, type TenantChanges } from '../../domain/tenancy/tenant.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';

export interface UpdateTenantCommand {
  readonly actor: Actor;
  readonly tenantId: TenantId;
  readonly changes: TenantChanges;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly unitOfWork: UnitOfWork<'tenants' | 'audit'>;
}

/** Changes an organisation's name or policy, on the operator's word. */
export class UpdateTenant {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where there is no such tenant
   * @throws {Forbidden} for whoever is no admin of the practice itself
   * @throws {TenantPoolRejected}
   * @throws {DueHoursRejected}
   * @throws {TenantConflict} where it was changed meanwhile
   */
  async execute(command: UpdateTenantCommand): Promise<Tenant | null> {
    const actor = authorizeMember(command.actor, 'tenants.manage');
    const { clock, idGenerator, unitOfWork } = this.#deps;
    return unitOfWork.run(actor.tenantId, async ({ tenants, audit }) => {
      const tenant = await tenants.find(command.tenantId);
      if (!tenant) return null;
      const changed = changeTenant(tenant, command.changes);
      const act = {
        action: 'tenancy.tenant-changed',
        subject: { type: 'tenant', id: tenant.id },
        details: { changed: Object.keys(command.changes).sort().join(' ') },
      };
      await tenants.save(changed);
      await audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
      return changed;
    });
  }
}
