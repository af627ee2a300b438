import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { newEmail } from '../../domain/identity/email-address.ts';
import { createUser, type Role, type User } from '../../domain/identity/user.ts';
import { DEFAULT_LANGUAGE, type Language } from '../../domain/shared/language.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { checkPassword } from '../steps/check-password.ts';

export interface CreateUserCommand {
  /** An admin of the tenant that the account is made in, or the installation itself. */
  readonly actor: Actor;
  readonly email: string;
  readonly role: Role;
  readonly password: string;
  readonly language?: Language | undefined;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly passwordBlockList: PasswordBlockList;
  readonly passwordHasher: PasswordHasher;
  readonly settings: Settings;
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
   * @throws {PasswordRejected}
   * @throws {EmailTaken}
   */
  async execute(command: CreateUserCommand): Promise<User> {
    const actor = authorizeMember(command.actor, 'users.write');
    const { clock, idGenerator, passwordBlockList, passwordHasher, settings, unitOfWork } = this.#deps;
    const tenant = await unitOfWork.stores(actor.tenantId).tenants.find(actor.tenantId);
    if (!tenant) throw new UnknownTenant();
    const email = newEmail(command.email);
    const password = checkPassword(
      passwordBlockList,
      settings.passwordMinLength,
      tenant,
      email,
      command.password,
    );
    const passwordHash = await passwordHasher.hash(password);

    const now = clock.now();
    const { role, language = DEFAULT_LANGUAGE } = command;
    const user = createUser(
      idGenerator.next(),
      { tenantId: tenant.id, email, passwordHash, role, language },
      now,
    );
    const act = {
      action: 'identity.user-created',
      subject: { type: 'user', id: user.id },
      details: { role },
    };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    await unitOfWork.run(tenant.id, async ({ users, audit }) => {
      await users.add(user);
      await audit.add(entry);
    });
    return user;
  }
}
