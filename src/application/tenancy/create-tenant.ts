import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import { createTenant, type NewTenant, type Tenant } from '../../domain/tenancy/tenant.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type DoingOnce, once, type Prepared } from '../steps/once.ts';

export interface CreateTenantCommand {
  readonly actor: Actor;
  readonly tenant: NewTenant;
  /** Of a request that may be repeated. */
  readonly idempotency?: IdempotentRequest | undefined;
}

type Kept = 'tenants' | 'audit';

interface Dependencies extends DoingOnce<Kept> {
  readonly idGenerator: IdGenerator;
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
   * @throws {IdempotencyKeyReused}
   * @throws {IdempotencyKeyInUse}
   * @throws {TenantPoolRejected}
   * @throws {DueHoursRejected}
   */
  async execute(command: CreateTenantCommand): Promise<Tenant> {
    const actor = authorizeMember(command.actor, 'tenants.manage');
    const request = { actor, operation: 'tenancy.create-tenant', idempotency: command.idempotency };
    return once(this.#deps, request, {
      prepare: () => this.#prepare(actor, command.tenant),
      recall: (id) => this.#deps.unitOfWork.stores(actor.tenantId).tenants.find(id),
    });
  }

  #prepare(actor: Actor, given: NewTenant): Prepared<Kept, Tenant> {
    const { clock, idGenerator } = this.#deps;
    const now = clock.now();
    const tenant = createTenant(idGenerator.next(), given, now);
    const act = { action: 'tenancy.tenant-created', subject: { type: 'tenant', id: tenant.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    return {
      resourceId: tenant.id,
      made: tenant,
      keep: async ({ tenants, audit }) => {
        await tenants.add(tenant);
        await audit.add(entry);
      },
    };
  }
}
