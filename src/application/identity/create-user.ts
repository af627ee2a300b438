import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { takeOverRegistration, type User } from '../../domain/identity/user.ts';
import type { BatchRunId } from '../../domain/shared/ids.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { StoredLink } from '../ports/stores/legacy-link-store.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Stores } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { type AccountMaking, type GivenAccount, newAccount } from '../steps/new-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { type DoingOnce, once, type Prepared } from '../steps/once.ts';
import { type LinkCandidate, storedCandidates } from '../steps/link-candidates.ts';
import { type IssuedToken, issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import type { MailWriting } from '../steps/outbox-mail.ts';

export interface CreateUserCommand extends GivenAccount {
  /** An admin of the tenant that the account is made in, or the installation itself. */
  readonly actor: Actor;
  /** Of a request that may be repeated. */
  readonly idempotency?: IdempotentRequest | undefined;
  /** Whether the owner is told by mail, to choose a password or to confirm his address; he is unless told. */
  readonly invitation?: 'mail' | 'none' | undefined;
  /** Where the account comes from, if it is one of many that an operator brings. */
  readonly imported?: ImportedFrom | undefined;
}

/** The line of a file that an account is made by, and by what other services know its owner. */
export interface ImportedFrom {
  readonly runId: BatchRunId;
  /** Counted from 1, the header being one. */
  readonly line: number;
  /** Kept for whoever links the account later; they link nothing by themselves. */
  readonly candidates: readonly LinkCandidate[];
}

type Kept = 'users' | 'oneTimeTokens' | 'outbox' | 'importedUsers' | 'legacyLinks' | 'audit';

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
 * addresses have to be confirmed, he is asked to confirm his. Whoever brings many at once may keep silent.
 */
export class CreateUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Account, mail, audit entry and what is said of its origin are kept together or not at all. A registration of the address that nobody has confirmed is no
   * account yet, so that a stranger cannot keep an address from its owner: it is taken over.
   *
   * @throws {Forbidden} for whoever is no admin
   * @throws {EmailRejected}
   * @throws {LanguageRejected}
   * @throws {PasswordRejected}
   * @throws {PasswordHashRejected}
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

  async #prepare(actor: Actor, given: CreateUserCommand): Promise<Prepared<Kept, User>> {
    const { accountDirectory, clock, idGenerator, unitOfWork } = this.#deps;
    const tenant = await unitOfWork.stores(actor.tenantId).tenants.find(actor.tenantId);
    if (!tenant) throw new UnknownTenant();
    const made = await newAccount(this.#deps, tenant, given);
    const { user: known } = await accountDirectory.find(tenant.slug, made.email);
    const pending = known?.registrationPending && known.emailVerifiedAt === null ? known : null;
    const user = pending ? takeOverRegistration(pending, made, made.createdAt) : made;
    const welcome = given.invitation === 'none' ? null : await this.#welcome(user);
    const candidates = await storedCandidates(this.#deps, user, given.imported?.candidates ?? []);
    const entry = auditEntryOf(idGenerator, actor, actOf(user, welcome, given.imported), clock.now());
    const keep: Prepared<Kept, User>['keep'] = async (stores) => {
      await (pending ? replaceRegistration(stores, user) : stores.users.add(user));
      if (welcome) {
        await stores.oneTimeTokens.put(welcome.issued.stored);
        await stores.outbox.add(welcome.mail);
      }
      if (given.imported) await keepOrigin(stores, user, given.imported, candidates);
      await stores.audit.add(entry);
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

function actOf(user: User, welcome: Welcome | null, imported: ImportedFrom | undefined) {
  const invited = welcome !== null && user.passwordHash === null;
  const origin = imported ? { run: imported.runId, line: imported.line } : {};
  const subject = { type: 'user', id: user.id };
  return { action: 'identity.user-created', subject, details: { role: user.role, invited, ...origin } };
}

/** Tokens that a stranger's registration was mailed confirm nothing any more. */
async function replaceRegistration(
  { users, oneTimeTokens }: Pick<Stores, 'users' | 'oneTimeTokens'>,
  user: User,
): Promise<void> {
  await users.save(user);
  await oneTimeTokens.revoke(user.id, ['email-verification']);
}

async function keepOrigin(
  { importedUsers, legacyLinks }: Pick<Stores, 'importedUsers' | 'legacyLinks'>,
  { id: userId }: User,
  { runId, line }: ImportedFrom,
  candidates: readonly StoredLink[],
): Promise<void> {
  await importedUsers.add({ runId, line, userId });
  if (candidates.length > 0) await legacyLinks.addCandidates(candidates);
}
