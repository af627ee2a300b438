import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { User } from '../../domain/identity/user.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type AccountMaking, type GivenAccount, newAccount } from '../steps/new-account.ts';

export interface CreateUserCommand extends GivenAccount {
  /** An admin of the tenant that the account is made in, or the installation itself. */
  readonly actor: Actor;
}

interface Dependencies extends AccountMaking {
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'audit'>;
}

/** Makes an account of any role, on an admin's word. */
export class CreateUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {Forbidden} for whoever is no admin
   * @throws {EmailRejected}
   * @throws {LanguageRejected}
   * @throws {PasswordRejected}
   * @throws {EmailTaken}
   */
  async execute(command: CreateUserCommand): Promise<User> {
    const actor = authorizeMember(command.actor, 'users.write');
    const { idGenerator, unitOfWork } = this.#deps;
    const tenant = await unitOfWork.stores(actor.tenantId).tenants.find(actor.tenantId);
    if (!tenant) throw new UnknownTenant();
    const user = await newAccount(this.#deps, tenant, command);
    const act = {
      action: 'identity.user-created',
      subject: { type: 'user', id: user.id },
      details: { role: user.role },
    };
    const entry = auditEntryOf(idGenerator, actor, act, user.createdAt);
    await unitOfWork.run(tenant.id, async ({ users, audit }) => {
      await users.add(user);
      await audit.add(entry);
    });
    return user;
  }
}
