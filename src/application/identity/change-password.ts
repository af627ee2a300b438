import type { Actor, UserActor } from '../../domain/access/actor.ts';
import { InvalidCredentials, RateLimited, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { isPresentablePassword, normalPassword } from '../../domain/identity/password-policy.ts';
import { type User, withPasswordHash } from '../../domain/identity/user.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { FailureCounterStore } from '../ports/stores/failure-counter-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { checkPassword } from '../steps/check-password.ts';
import { compareReserved } from '../steps/compare-reserved.ts';
import { failureCounterKey } from '../steps/failure-counter-key.ts';

export interface ChangePasswordCommand {
  readonly actor: Actor;
  readonly currentPassword: string;
  readonly newPassword: string;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
  readonly failureCounters: FailureCounterStore;
  readonly passwordBlockList: PasswordBlockList;
  readonly passwordHasher: PasswordHasher;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<'users' | 'tenants' | 'sessions' | 'audit'>;
}

/** Changes one's own password, on proof of the current one. Every other session of the account ends. */
export class ChangePassword {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {InvalidCredentials} where the current password is wrong; it counts in the account's failure counter
   * @throws {RateLimited} while the account is locked
   * @throws {PasswordRejected}
   * @throws {UserConflict} where the account was changed meanwhile
   */
  async execute(command: ChangePasswordCommand): Promise<void> {
    const actor = authorizeUser(command.actor, 'account.write');
    const { clock, idGenerator, passwordBlockList, passwordHasher, settings, unitOfWork } = this.#deps;
    const { users, tenants } = unitOfWork.stores(actor.tenantId);
    const [user, tenant] = await Promise.all([users.find(actor.userId), tenants.find(actor.tenantId)]);
    if (!user || !tenant) throw new Unauthenticated();
    await this.#proveCurrent(actor, command.currentPassword, user, tenant.slug);

    const newPassword = checkPassword(
      passwordBlockList,
      settings.passwordMinLength,
      tenant,
      user.email,
      command.newPassword,
    );
    const passwordHash = await passwordHasher.hash(newPassword);
    const now = clock.now();
    const act = { action: 'identity.password-changed', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    await unitOfWork.run(actor.tenantId, async (stores) => {
      await stores.users.save(withPasswordHash(user, passwordHash, now));
      await stores.sessions.endAll(user.id, 'password-changed', now, actor.sessionId);
      await stores.audit.add(entry);
    });
  }

  async #proveCurrent(actor: UserActor, password: string, user: User, slug: string): Promise<void> {
    const { clock, failureCounters, idGenerator, keyedHash, unitOfWork } = this.#deps;
    if (!isPresentablePassword(password)) throw new InvalidCredentials();
    const key = failureCounterKey(keyedHash, slug, user.email);
    const reservation = await failureCounters.reserve(key, clock.now());
    if (reservation.kind === 'locked') throw new RateLimited(reservation.retryAfterSeconds);
    const proof = { password: normalPassword(password), hash: user.passwordHash, counterKey: key };
    const { matches } = await compareReserved(this.#deps, proof);
    if (!matches) {
      const act = { action: 'identity.password-change-refused', subject: { type: 'user', id: user.id } };
      await unitOfWork.stores(user.tenantId).audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
      throw new InvalidCredentials();
    }
    await failureCounters.clear(key);
  }
}
