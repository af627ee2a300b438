import type { Actor, UserActor } from '../../domain/access/actor.ts';
import { InvalidCredentials, Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { isPresentablePassword, normalPassword } from '../../domain/identity/password-policy.ts';
import { withPasswordHash } from '../../domain/identity/user.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { checkPassword } from '../steps/check-password.ts';
import { type Account, loadAccount } from '../steps/load-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { prove, type Proving } from '../steps/prove.ts';
import { requireSecondFactor } from '../steps/require-step-up.ts';

export interface ChangePasswordCommand {
  readonly actor: Actor;
  readonly currentPassword: string;
  readonly newPassword: string;
}

interface Dependencies extends Proving {
  readonly passwordBlockList: PasswordBlockList;
  readonly passwordHasher: PasswordHasher;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/** What somebody may have begun who had the former password, or reads the account's mail. */
const REVOKED = ['password-reset', 'email-change', 'factor-enrolment'] as const;

/** Changes one's own password, on proof of the current one. Every other session of the account ends, and its owner is told by mail. */
export class ChangePassword {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {StepUpRequired} where the account has a second factor and the session was opened without it
   * @throws {InvalidCredentials} where the current password is wrong; it counts in the account's failure counter
   * @throws {RateLimited} while the account is locked
   * @throws {PasswordRejected}
   * @throws {UserConflict} where the account was changed meanwhile
   */
  async execute(command: ChangePasswordCommand): Promise<void> {
    const actor = authorizeUser(command.actor, 'account.write');
    const { clock, idGenerator, passwordBlockList, passwordHasher, settings, unitOfWork } = this.#deps;
    const account = await loadAccount(unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();
    const { user, tenant } = account;
    const factors = await requireSecondFactor(this.#deps, actor);
    await this.#proveCurrent(actor, command.currentPassword, account);

    const owner = { tenant, email: user.email, factors };
    const newPassword = checkPassword({ passwordBlockList, settings }, owner, command.newPassword);
    const passwordHash = await passwordHasher.hash(newPassword);
    const now = clock.now();
    const act = { action: 'identity.password-changed', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    const notice = await noticeTo(this.#deps, user, { kind: 'password-changed' });
    await unitOfWork.run(actor.tenantId, async (stores) => {
      await stores.users.save(withPasswordHash(user, passwordHash, now));
      await stores.sessions.endAll(user.id, 'password-changed', now, actor.sessionId);
      await stores.oneTimeTokens.revoke(user.id, REVOKED);
      await stores.outbox.add(notice);
      await stores.audit.add(entry);
    });
  }

  async #proveCurrent(actor: UserActor, password: string, account: Account): Promise<void> {
    const { passwordHasher } = this.#deps;
    if (!isPresentablePassword(password)) throw new InvalidCredentials();
    const proof = await prove(this.#deps, {
      actor,
      account,
      action: 'identity.password-change-refused',
      compare: async () => {
        const { matches } = await passwordHasher.verify(normalPassword(password), account.user.passwordHash);
        return matches || null;
      },
    });
    if (!proof) throw new InvalidCredentials();
    await proof.clear();
  }
}
