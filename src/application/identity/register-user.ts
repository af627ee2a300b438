import type { SessionClient } from '../../domain/access/session.ts';
import { newEmail } from '../../domain/identity/email-address.ts';
import { createUser, type User } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import { DEFAULT_LANGUAGE, type Language } from '../../domain/shared/language.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { TokenSigner } from '../ports/security/access-tokens.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { RefreshTokenFactory } from '../ports/security/refresh-tokens.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { checkPassword } from '../steps/check-password.ts';
import { type IssuedTokens, openSession } from '../steps/open-session.ts';

export interface RegisterUserCommand {
  readonly email: string;
  readonly password: string;
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
  readonly language?: Language | undefined;
  readonly client: SessionClient;
}

/** The new account, signed in. */
export interface RegisteredUser {
  readonly kind: 'signed-in';
  readonly user: User;
  readonly tokens: IssuedTokens;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly passwordBlockList: PasswordBlockList;
  readonly passwordHasher: PasswordHasher;
  readonly tokenSigner: TokenSigner;
  readonly refreshTokens: RefreshTokenFactory;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<'users' | 'sessions' | 'audit' | 'tenants'>;
}

/** Makes an account for whoever asks, always a patient's, and signs it in. */
export class RegisterUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Account, session and audit entries are kept together or not at all.
   *
   * @throws {UnknownTenant}
   * @throws {EmailRejected}
   * @throws {PasswordRejected}
   * @throws {EmailTaken}
   */
  async execute(command: RegisterUserCommand): Promise<RegisteredUser> {
    const { clock, idGenerator, passwordBlockList, passwordHasher, settings, unitOfWork } = this.#deps;
    const { tenants } = unitOfWork.stores(DEFAULT_TENANT_ID);
    const tenant = await tenants.findBySlug(command.tenant ?? DEFAULT_TENANT_SLUG);
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
    const language = command.language ?? DEFAULT_LANGUAGE;
    const user = createUser(
      idGenerator.next(),
      { tenantId: tenant.id, email, passwordHash, role: 'patient', language },
      now,
    );
    const opening = { ...this.#deps, sessionLifetimes: settings.sessionLifetimes };
    const opened = await openSession(opening, user, command.client, now);
    const actor = { kind: 'anonymous', tenantId: tenant.id } as const;
    const act = { action: 'identity.registered', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    await unitOfWork.run(tenant.id, async ({ users, sessions, audit }) => {
      await users.add(user);
      await opened.addTo(sessions);
      await audit.add(entry);
    });
    return { kind: 'signed-in', user, tokens: opened.tokens };
  }
}
