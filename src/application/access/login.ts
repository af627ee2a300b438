import { InvalidCredentials, RateLimited, Unavailable } from '../../domain/access/errors.ts';
import type { SessionClient } from '../../domain/access/session.ts';
import { normalEmail } from '../../domain/identity/email-address.ts';
import { UserConflict } from '../../domain/identity/errors.ts';
import { isPresentablePassword, normalPassword } from '../../domain/identity/password-policy.ts';
import { type User, withPasswordHash } from '../../domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../domain/shared/ids.ts';
import type { TokenSigner } from '../ports/security/access-tokens.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { RefreshTokenFactory } from '../ports/security/refresh-tokens.ts';
import type { AccountDirectory, DirectoryEntry } from '../ports/stores/account-directory.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { compareReserved } from '../steps/compare-reserved.ts';
import { failureCounterKey } from '../steps/failure-counter-key.ts';
import { type IssuedTokens, openSession } from '../steps/open-session.ts';

export interface LoginCommand {
  readonly email: string;
  readonly password: string;
  /** The tenant's slug; the practice itself where it is left out. */
  readonly tenant?: string | undefined;
  readonly client: SessionClient;
}

/** A session, opened. */
export interface SignedIn {
  readonly kind: 'signed-in';
  readonly user: User;
  readonly tokens: IssuedTokens;
}

/** A sign-in for which an attempt was reserved. */
interface Attempt {
  /** In its normal form. */
  readonly password: string;
  readonly counterKey: Uint8Array;
  readonly client: SessionClient;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
  readonly accountDirectory: AccountDirectory;
  readonly failureCounters: FailureCounterStore;
  readonly passwordHasher: PasswordHasher;
  readonly tokenSigner: TokenSigner;
  readonly refreshTokens: RefreshTokenFactory;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<'users' | 'sessions' | 'audit'>;
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
   * The attempt is counted as failed before the password is compared; a success clears the count.
   *
   * @throws {InvalidCredentials}
   * @throws {RateLimited} after ten failures in a row, for a growing time
   * @throws {Unavailable} when too many passwords wait to be hashed
   */
  async execute(command: LoginCommand): Promise<SignedIn> {
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

    const attempt = { password: normalPassword(command.password), counterKey, client: command.client };
    let outcome = await this.#admit(entry, attempt);
    // The account was changed while its password was compared, if only by a re-hash: it is compared once more, as it is now.
    if (outcome === 'overtaken') {
      outcome = await this.#admit(await accountDirectory.find(slug, email), attempt);
    }
    if (typeof outcome === 'string') {
      await this.#recordRefusal(entry);
      throw new InvalidCredentials();
    }
    await failureCounters.clear(counterKey);
    return outcome;
  }

  async #admit({ user }: DirectoryEntry, attempt: Attempt): Promise<SignedIn | 'refused' | 'overtaken'> {
    const { clock, unitOfWork } = this.#deps;
    const { password, counterKey, client } = attempt;
    const proof = { password, hash: user?.passwordHash ?? null, counterKey };
    const { matches, outdated } = await compareReserved(this.#deps, proof);
    if (!matches || !user?.isActive) return 'refused';
    const opened = await openSession(this.#deps, user, client, clock.now());
    if (!(await opened.addTo(unitOfWork.stores(user.tenantId).sessions))) return 'overtaken';
    if (outdated) await this.#rehash(user, password);
    return { kind: 'signed-in', user, tokens: opened.tokens };
  }

  async #recordRefusal({ tenant, user }: DirectoryEntry): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const tenantId = tenant?.id ?? DEFAULT_TENANT_ID;
    const subject = user ? { type: 'user', id: user.id } : null;
    const act = { action: 'access.sign-in-refused', subject };
    const entry = auditEntryOf(idGenerator, { kind: 'anonymous', tenantId }, act, clock.now());
    await unitOfWork.stores(tenantId).audit.add(entry);
  }

  /**
   * While the password is at hand, brings its hash up to the parameters of new ones. The person is signed in already: where the
   * account was changed meanwhile or too much waits to be hashed, the next sign-in does it.
   */
  async #rehash(user: User, password: string): Promise<void> {
    const { clock, passwordHasher, unitOfWork } = this.#deps;
    try {
      const passwordHash = await passwordHasher.hash(password);
      await unitOfWork.stores(user.tenantId).users.save(withPasswordHash(user, passwordHash, clock.now()));
    } catch (error) {
      if (!(error instanceof UserConflict || error instanceof Unavailable)) throw error;
    }
  }
}
