import { InvalidCredentials, RateLimited, Unavailable } from '../../domain/access/errors.ts';
import type { SessionClient } from '../../domain/access/session.ts';
import { normalEmail } from '../../domain/shared/email-address.ts';
import { EmailNotVerified, UserConflict } from '../../domain/identity/errors.ts';
import { isPresentablePassword, normalPassword } from '../../domain/identity/password-policy.ts';
import { type User, withPasswordHash } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { AccountDirectory, DirectoryEntry } from '../ports/stores/account-directory.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { compareReserved } from '../steps/compare-reserved.ts';
import { continueSignIn, type SignInContinuing, type SignInOutcome } from '../steps/continue-sign-in.ts';
import { failureCounterKey } from '../steps/failure-counter-key.ts';
import type { MailOnRequest } from '../steps/mail-on-request.ts';
import { recordFailure } from '../steps/record-failure.ts';

export interface LoginCommand {
  readonly email: string;
  readonly password: string;
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
  readonly client: SessionClient;
  /** Of anonymous cases that become his, where the sign-in is complete by this. Those that do not count are passed over. */
  readonly receipts?: readonly string[] | undefined;
}

/** A sign-in for which an attempt was reserved. */
interface Attempt {
  readonly counterKey: Uint8Array;
  /** In a row, this one among them. */
  readonly failures: number;
  /** Both in their normal forms. */
  readonly email: string;
  readonly password: string;
  readonly client: SessionClient;
  readonly receipts: readonly string[] | undefined;
}

interface Dependencies extends Omit<SignInContinuing & MailOnRequest, 'unitOfWork'> {
  readonly accountDirectory: AccountDirectory;
  readonly failureCounters: FailureCounterStore;
  readonly passwordHasher: PasswordHasher;
  readonly unitOfWork: UnitOfWork<
    | 'users'
    | 'sessions'
    | 'secondFactors'
    | 'signInChallenges'
    | 'oneTimeTokens'
    | 'cases'
    | 'outbox'
    | 'audit'
  >;
}

/**
 * Signs in with e-mail and password. Unknown account, wrong password, disabled account and unknown tenant are one answer, with the
 * same work behind each (OWASP ASVS 5.0, 6.3.8).
 */
export class Login {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The attempt is counted as failed before the password is compared; a sign-in that is complete clears the count. Where a second
   * factor is to follow, the attempt is taken back and earlier failures stay counted, so that codes cannot be guessed between passwords.
   *
   * @throws {InvalidCredentials}
   * @throws {EmailNotVerified} for the right password, where the installation demands a confirmed address
   * @throws {RateLimited} after ten failures in a row, for a growing time
   * @throws {Unavailable} when too many passwords wait to be hashed
   */
  async execute(command: LoginCommand): Promise<SignInOutcome> {
    const { accountDirectory, clock, failureCounters, keyedHash } = this.#deps;
    if (!isPresentablePassword(command.password)) throw new InvalidCredentials();
    const slug = command.tenant ?? DEFAULT_TENANT_SLUG;
    const email = normalEmail(command.email);
    const counterKey = failureCounterKey(keyedHash, slug, email);
    const [reservation, entry] = await Promise.all([
      failureCounters.reserve(counterKey, clock.now()),
      accountDirectory.find(slug, email),
    ]);
    if (reservation.kind === 'locked') throw new RateLimited(reservation.retryAfterSeconds);

    const { failures } = reservation;
    const password = normalPassword(command.password);
    const { client, receipts } = command;
    const attempt = { email, password, counterKey, failures, client, receipts };
    let outcome = await this.#admit(entry, attempt);
    // The account was changed while its password was compared, if only by a re-hash: it is compared once more, as it is now.
    if (outcome === 'overtaken') {
      outcome = await this.#admit(await accountDirectory.find(slug, email), attempt);
    }
    if (typeof outcome === 'string') return this.#refuse(entry, attempt);
    if (outcome.kind === 'signed-in') await failureCounters.clear(counterKey);
    else await failureCounters.giveBack(counterKey);
    return outcome;
  }

  async #admit(
    { tenant, user, factors }: DirectoryEntry,
    attempt: Attempt,
  ): Promise<SignInOutcome | 'refused' | 'overtaken'> {
    const { failureCounters, passwordHasher } = this.#deps;
    const { password, counterKey, client, receipts } = attempt;
    const { matches, outdated } = await compareReserved(failureCounters, counterKey, () =>
      passwordHasher.verify(password, user?.passwordHash ?? null),
    );
    if (!matches || !tenant || !user?.isActive) return 'refused';
    // Before anything stands on the former hash: a sign-in that waits for a second factor would end with it.
    const current = outdated ? await this.#rehashed(user, password) : user;
    if (!current) return 'overtaken';
    try {
      const proven = { tenant, user: current, factors, amr: ['pwd'], client, receipts } as const;
      return await continueSignIn(this.#deps, proven);
    } catch (error) {
      if (error instanceof EmailNotVerified) await failureCounters.giveBack(counterKey);
      throw error;
    }
  }

  async #refuse({ tenant, user }: DirectoryEntry, { email, failures }: Attempt): Promise<never> {
    const tenantId = tenant?.id ?? DEFAULT_TENANT_ID;
    const actor = { kind: 'anonymous', tenantId } as const;
    const action = 'access.sign-in-refused';
    await recordFailure(this.#deps, { actor, tenantId, address: email, user, action, failures });
    throw new InvalidCredentials();
  }

  /**
   * While the password is at hand, brings its hash up to the parameters of new ones. Nobody is kept out by it: where the account was
   * changed meanwhile or too much waits to be hashed, the next sign-in does it.
   *
   * @returns the account as it is by now; `null` where its password was changed meanwhile
   */
  async #rehashed(user: User, password: string): Promise<User | null> {
    const { clock, passwordHasher, unitOfWork } = this.#deps;
    const { users } = unitOfWork.stores(user.tenantId);
    try {
      const rehashed = withPasswordHash(user, await passwordHasher.hash(password), clock.now());
      await users.save(rehashed);
      return rehashed;
    } catch (error) {
      if (error instanceof Unavailable) return user;
      if (!(error instanceof UserConflict)) throw error;
      const current = await users.find(user.id);
      return current?.passwordHash === user.passwordHash ? current : null;
    }
  }
}
