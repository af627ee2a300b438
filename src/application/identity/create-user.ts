import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { takeOverRegistration, type User } from '../../domain/identity/user.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type AccountMaking, type GivenAccount, newAccount } from '../steps/new-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { type DoingOnce, once, type Prepared } from '../steps/once.ts';
import { type IssuedToken, issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import type { MailWriting } from '../steps/outbox-mail.ts';

export interface CreateUserCommand extends GivenAccount {
  /** An admin of the tenant that the account is made in, or the installation itself. */
  readonly actor: Actor;
  /** Of a request that may be repeated. */
  readonly idempotency?: IdempotentRequest | undefined;
}

type Kept = 'users' | 'oneTimeTokens' | 'outbox' | 'audit';

interface Dependencies extends AccountMaking, MailWriting, TokenMaking, DoingOnce<Kept | 'tenants'> {
  readonly accountDirectory: AccountDirectory;
}

/** What the owner of a new account is mailed. */
interface Welcome {
  readonly issued: IssuedToken;
  readonly mail: OutboxEntry;
}

/**
 * Makes an account of any role, on an admin's word. Without a password its owner is invited by mail to choose one; with one, and where
 * addresses have to be confirmed, he is asked to confirm his.
 */
export class CreateUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Account, mail and audit entry are kept together or not at all. A registration of the address that nobody has confirmed is no
   * account yet, so that a stranger cannot keep an address from its owner: it is taken over.
   *
   * @throws {Forbidden} for whoever is no admin
   * @throws {EmailRejected}
   * @throws {LanguageRejected}
   * @throws {PasswordRejected}
   * @throws {EmailTaken}
   * @throws {UserConflict} where a registration was confirmed at the same moment
   * @throws {IdempotencyKeyReused}
   * @throws {IdempotencyKeyInUse}
   */
  async execute(command: CreateUserCommand): Promise<User> {
    const actor = authorizeMember(command.actor, 'users.write');
    const request = { actor, operation: 'identity.create-user', idempotency: command.idempotency };
    return once(this.#deps, request, {
      prepare: () => this.#prepare(actor, command),
      recall: (id) => this.#deps.unitOfWork.stores(actor.tenantId).users.find(id),
    });
  }

  async #prepare(actor: Actor, given: GivenAccount): Promise<Prepared<Kept, User>> {
    const { accountDirectory, clock, idGenerator, unitOfWork } = this.#deps;
    const tenant = await unitOfWork.stores(actor.tenantId).tenants.find(actor.tenantId);
    if (!tenant) throw new UnknownTenant();
    const made = await newAccount(this.#deps, tenant, given);
    const { user: known } = await accountDirectory.find(tenant.slug, made.email);
    const pending = known?.registrationPending && known.emailVerifiedAt === null ? known : null;
    const user = pending ? takeOverRegistration(pending, made, made.createdAt) : made;
    const welcome = await this.#welcome(user);
    const act = {
      action: 'identity.user-created',
      subject: { type: 'user', id: user.id },
      details: { role: user.role, invited: user.passwordHash === null },
    };
    const entry = auditEntryOf(idGenerator, actor, act, clock.now());
    const keep: Prepared<Kept, User>['keep'] = async ({ users, oneTimeTokens, outbox, audit }) => {
      await (pending ? users.save(user) : users.add(user));
      await oneTimeTokens.revoke(user.id, ['email-verification']);
      if (welcome) {
        await oneTimeTokens.put(welcome.issued.stored);
        await outbox.add(welcome.mail);
      }
      await audit.add(entry);
    };
    return { resourceId: user.id, made: user, keep };
  }

  async #welcome(user: User): Promise<Welcome | null> {
    if (user.passwordHash === null) {
      const issued = issueToken(this.#deps, user, 'invitation');
      return { issued, mail: await noticeTo(this.#deps, user, { kind: 'invitation', token: issued.token }) };
    }
    if (this.#deps.settings.signIn.emailVerification === 'optional') return null;
    const issued = issueToken(this.#deps, user, 'email-verification');
    return { issued, mail: await noticeTo(this.#deps, user, { kind: 'verify-email', token: issued.token }) };
  }
}
