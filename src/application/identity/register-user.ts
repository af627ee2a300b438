import { NO_FACTORS } from '../../domain/access/second-factor.ts';
import type { SessionClient } from '../../domain/access/session.ts';
import { EmailTaken, UserConflict } from '../../domain/identity/errors.ts';
import { registerAgain, type User } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import { nextSignInStep } from '../../domain/access/second-factor.ts';
import type { Tenant } from '../../domain/tenancy/tenant.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { basisOf, type EnrolmentRequired, type SignedIn } from '../steps/continue-sign-in.ts';
import { isWithinBudget } from '../steps/mail-on-request.ts';
import { type AccountMaking, type GivenAccount, newAccount } from '../steps/new-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import { openSession, type SessionOpening } from '../steps/open-session.ts';
import { decoyEntry, type MailWriting } from '../steps/outbox-mail.ts';

export interface RegisterUserCommand extends Omit<GivenAccount, 'role'> {
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
  readonly client: SessionClient;
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
  readonly unitOfWork: UnitOfWork<'users' | 'sessions' | 'audit' | 'tenants' | 'oneTimeTokens' | 'outbox'>;
}

/** What becomes of a registration where addresses have to be confirmed. */
interface Registration {
  readonly user: User;
  readonly token: ReturnType<typeof issueToken> | null;
  readonly mail: OutboxEntry;
  /** Of the audit entry. */
  readonly action: string;
  readonly keep: (stores: Pick<Stores, 'users'>) => Promise<void>;
}

/** Makes an account for whoever asks, always a patient's. */
export class RegisterUser {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Where addresses need no confirmation the account is signed in. Where they do, new and known addresses get the same answer after the
   * same work, and their owners a mail that says which it is (OWASP ASVS 5.0, 6.3.8). Everything is kept together or not at all.
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
    if (settings.signIn.emailVerification === 'optional') return this.#admit(user, tenant, command.client);
    await this.#confirmByMail({ ...user, registrationPending: true }, tenant);
    return { kind: 'verification-sent' };
  }

  async #admit(
    user: User,
    tenant: Tenant,
    client: SessionClient,
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
    await unitOfWork.run(tenant.id, async ({ users, sessions, audit }) => {
      await users.add(user);
      if (!(await opened.addTo(sessions, basisOf(user, amr)))) {
        throw new Error('The session of a new account was not kept.');
      }
      await audit.add(registered);
    });
    return { kind: 'signed-in', user, tokens: opened.tokens };
  }

  async #confirmByMail(user: User, tenant: Tenant): Promise<void> {
    const { accountDirectory, unitOfWork } = this.#deps;
    const known = (await accountDirectory.find(tenant.slug, user.email)).user;
    const registration = await (known ? this.#ofKnown(known, user) : this.#ofNew(user));
    const audit = this.#auditOf(registration.user, registration.action);
    try {
      await unitOfWork.run(tenant.id, async (stores) => {
        if (!(await isWithinBudget(stores, registration.mail))) return;
        await registration.keep(stores);
        if (registration.token) await stores.oneTimeTokens.put(registration.token.stored);
        await stores.outbox.add(registration.mail);
        await stores.audit.add(audit);
      });
    } catch (error) {
      // Another registration of the address came first by moments, and has its own mail.
      if (!(error instanceof EmailTaken || error instanceof UserConflict)) throw error;
    }
  }

  async #ofNew(user: User): Promise<Registration> {
    const token = issueToken(this.#deps, user, 'email-verification');
    const mail = await this.#verifyMail(user, token.token);
    return { user, token, mail, action: 'identity.registered', keep: ({ users }) => users.add(user) };
  }

  async #ofKnown(known: User, given: User): Promise<Registration> {
    const unchanged = {
      user: known,
      action: 'identity.registration-repeated',
      keep: () => Promise.resolve(),
    };
    if (!known.isActive) {
      const mail = await decoyEntry(this.#deps, known.tenantId, known.email);
      return { ...unchanged, token: null, mail };
    }
    if (known.emailVerifiedAt !== null) {
      const mail = await noticeTo(this.#deps, known, { kind: 'already-registered' });
      return { ...unchanged, token: null, mail };
    }
    const token = issueToken(this.#deps, known, 'email-verification');
    const mail = await this.#verifyMail(known, token.token);
    if (!known.registrationPending) return { ...unchanged, token, mail };
    // Nobody was ever let in by the former registration: whoever reads the latest mail is to have chosen the password.
    const again = registerAgain(known, given, given.createdAt);
    return { ...unchanged, token, mail, keep: ({ users }) => users.save(again) };
  }

  #verifyMail(user: User, token: string): Promise<OutboxEntry> {
    return noticeTo(this.#deps, user, { kind: 'verify-email', token });
  }

  #auditOf(user: User, action: string) {
    const actor = { kind: 'anonymous', tenantId: user.tenantId } as const;
    const act = { action, subject: { type: 'user', id: user.id } };
    return auditEntryOf(this.#deps.idGenerator, actor, act, this.#deps.clock.now());
  }
}
