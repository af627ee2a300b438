import { NO_FACTORS } from '../../domain/access/second-factor.ts';
import type { SessionClient } from '../../domain/access/session.ts';
import type { AccountMail } from '../../domain/identity/account-mail.ts';
import { EmailTaken, UserConflict } from '../../domain/identity/errors.ts';
import { registerAgain, type User } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import { nextSignInStep } from '../../domain/access/second-factor.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { adoptCases } from '../steps/adopt-cases.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { basisOf, type EnrolmentRequired, type SignedIn } from '../steps/continue-sign-in.ts';
import { addRequested } from '../steps/mail-on-request.ts';
import { type AccountMaking, type GivenAccount, newAccount } from '../steps/new-account.ts';
import { issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import { openSession, type SessionOpening } from '../steps/open-session.ts';
import { mailTo, type MailWriting, requestedEntry } from '../steps/outbox-mail.ts';

export interface RegisterUserCommand extends Omit<GivenAccount, 'role'> {
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
  readonly client: SessionClient;
  /** Of anonymous cases that become his, where he is let in without a mail. Those that do not count are passed over. */
  readonly receipts?: readonly string[] | undefined;
}

/** The address has to be confirmed first; the same for an address that has an account already. */
export interface VerificationSent {
  readonly kind: 'verification-sent';
}

/** The account is made, and a second factor has to be enrolled before anybody is let in. */
export interface RegisteredForEnrolment extends EnrolmentRequired {
  readonly user: User;
}

interface Dependencies extends AccountMaking, MailWriting, TokenMaking, SessionOpening {
  readonly accountDirectory: AccountDirectory;
  readonly unitOfWork: UnitOfWork<
    'users' | 'sessions' | 'audit' | 'tenants' | 'oneTimeTokens' | 'outbox' | 'cases'
  >;
}

/** Makes an account for whoever asks, always a patient's. */
export class RegisterUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Where addresses need no confirmation the account is signed in. Where they do, new and known addresses get the same answer after as
   * many statements, and their owners a mail that says which it is, ten times an hour at most (OWASP ASVS 5.0, 6.3.8). Everything is
   * kept together or not at all.
   *
   * @throws {UnknownTenant}
   * @throws {EmailRejected}
   * @throws {LanguageRejected}
   * @throws {PasswordRejected}
   * @throws {EmailTaken} only where addresses need no confirmation
   */
  async execute(command: RegisterUserCommand): Promise<SignedIn | RegisteredForEnrolment | VerificationSent> {
    const { settings, unitOfWork } = this.#deps;
    const { tenants } = unitOfWork.stores(DEFAULT_TENANT_ID);
    const tenant = await tenants.findBySlug(command.tenant ?? DEFAULT_TENANT_SLUG);
    if (!tenant) throw new UnknownTenant();
    const user = await newAccount(this.#deps, tenant, { ...command, role: 'patient' });
    if (settings.signIn.emailVerification === 'optional') return this.#admit(user, tenant, command);
    await this.#confirmByMail({ ...user, registrationPending: true }, tenant);
    return { kind: 'verification-sent' };
  }

  async #admit(
    user: User,
    tenant: Tenant,
    { client, receipts = [] }: RegisterUserCommand,
  ): Promise<SignedIn | RegisteredForEnrolment> {
    const { settings, unitOfWork } = this.#deps;
    const amr = ['pwd'] as const;
    const registered = this.#auditOf(user, 'identity.registered');
    if (nextSignInStep(user, tenant, NO_FACTORS, amr, settings.signIn) === 'enrol-second-factor') {
      const { token, stored } = issueToken(this.#deps, user, 'factor-enrolment');
      await unitOfWork.run(tenant.id, async ({ users, oneTimeTokens, audit }) => {
        await users.add(user);
        await oneTimeTokens.put(stored);
        await audit.add(registered);
      });
      return { kind: 'second-factor-enrolment-required', user, enrolmentToken: token };
    }
    const opened = await openSession(this.#deps, { user, amr, client }, user.createdAt);
    const adopted = await unitOfWork.run(tenant.id, async (stores) => {
      await stores.users.add(user);
      if (!(await opened.addTo(stores.sessions, basisOf(user, amr)))) {
        throw new Error('The session of a new account was not kept.');
      }
      await stores.audit.add(registered);
      return adoptCases(this.#deps, stores, user, receipts, user.createdAt);
    });
    return { kind: 'signed-in', user, tokens: opened.tokens, adopted };
  }

  async #confirmByMail(given: User, tenant: Tenant): Promise<void> {
    const { accountDirectory, unitOfWork } = this.#deps;
    const { user: known } = await accountDirectory.find(tenant.slug, given.email);
    const owner = known ?? given;
    const { token, stored } = issueToken(this.#deps, owner, 'email-verification');
    const request = { tenantId: tenant.id, purpose: 'registration', address: given.email } as const;
    const content = answerTo(known, token);
    const entry = await requestedEntry(this.#deps, request, content && mailTo(owner, content));
    const audit = this.#auditOf(owner, known ? 'identity.registration-repeated' : 'identity.registered');
    const isAsked = content?.kind === 'verify-email';
    try {
      await unitOfWork.run(tenant.id, async (stores) => {
        if (!(await addRequested(stores, entry))) return;
        // An id that no account has: where nothing is kept, as many statements are run.
        if (!known) await stores.users.add(given);
        else if (isAsked && known.registrationPending) await stores.users.save(anew(known, given));
        else await stores.users.find(given.id);
        if (isAsked) await stores.oneTimeTokens.put(stored);
        else await stores.oneTimeTokens.revoke(given.id, ['email-verification']);
        await stores.audit.add(audit);
      });
    } catch (error) {
      if (!(error instanceof EmailTaken || error instanceof UserConflict)) throw error;
      // Another registration of the address came first by moments, and has its own mail. This one counts too, as for a known address.
      await addRequested(unitOfWork.stores(tenant.id), await requestedEntry(this.#deps, request, null));
    }
  }

  #auditOf(user: User, action: string) {
    const actor = { kind: 'anonymous', tenantId: user.tenantId } as const;
    const act = { action, subject: { type: 'user', id: user.id } };
    return auditEntryOf(this.#deps.idGenerator, actor, act, this.#deps.clock.now());
  }
}

/** What whoever has the address is told; `null` where that is nothing, since his account is disabled. */
function answerTo(known: User | null, token: string): AccountMail | null {
  if (known?.isActive === false) return null;
  return known && known.emailVerifiedAt !== null
    ? { kind: 'already-registered' }
    : { kind: 'verify-email', token };
}

// Nobody was ever let in by the former registration: whoever reads the latest mail is to have chosen the password.
const anew = (known: User, given: User): User => registerAgain(known, given, given.createdAt);
