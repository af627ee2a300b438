import type { SessionClient } from '../../domain/access/session.ts';
import type { User } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { TokenSigner } from '../ports/security/access-tokens.ts';
import type { RefreshTokenFactory } from '../ports/security/refresh-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type AccountMaking, type GivenAccount, newAccount } from '../steps/new-account.ts';
import { type IssuedTokens, openSession } from '../steps/open-session.ts';

export interface RegisterUserCommand extends Omit<GivenAccount, 'role'> {
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
  readonly client: SessionClient;
}

/** The new account, signed in. */
export interface RegisteredUser {
  readonly kind: 'signed-in';
  readonly user: User;
  readonly tokens: IssuedTokens;
}

interface Dependencies extends AccountMaking {
  readonly tokenSigner: TokenSigner;
  readonly refreshTokens: RefreshTokenFactory;
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
   * @throws {LanguageRejected}
   * @throws {PasswordRejected}
   * @throws {EmailTaken}
   */
  async execute(command: RegisterUserCommand): Promise<RegisteredUser> {
    const { idGenerator, unitOfWork } = this.#deps;
    const { tenants } = unitOfWork.stores(DEFAULT_TENANT_ID);
    const tenant = await tenants.findBySlug(command.tenant ?? DEFAULT_TENANT_SLUG);
    if (!tenant) throw new UnknownTenant();
    const user = await newAccount(this.#deps, tenant, { ...command, role: 'patient' });
    const now = user.createdAt;
    const opened = await openSession(this.#deps, user, command.client, now);
    const actor = { kind: 'anonymous', tenantId: tenant.id } as const;
    const act = { action: 'identity.registered', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    await unitOfWork.run(tenant.id, async ({ users, sessions, audit }) => {
      await users.add(user);
      if (!(await opened.addTo(sessions))) throw new Error('The session of a new account was not kept.');
      await audit.add(entry);
    });
    return { kind: 'signed-in', user, tokens: opened.tokens };
  }
}
