import { TokenInvalid } from '../../domain/access/errors.ts';
import { OPENING_PURPOSES } from '../../domain/access/one-time-token.ts';
import { withPasswordByMail } from '../../domain/identity/user.ts';
import type { PasswordBlockList } from '../ports/security/password-block-list.ts';
import type { PasswordHasher } from '../ports/security/password-hasher.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { checkPassword } from '../steps/check-password.ts';
import { endLock, type LockEnding } from '../steps/end-lock.ts';
import { loadAccount } from '../steps/load-account.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { findToken, type TokenFinding } from '../steps/one-time-tokens.ts';
import { addAll, type MailWriting } from '../steps/outbox-mail.ts';

export interface ResetPasswordCommand {
  /** Of a mail that resets a password, or of an invitation. */
  readonly token: string;
  readonly newPassword: string;
}

interface Dependencies extends TokenFinding, LockEnding, MailWriting {
  readonly passwordBlockList: PasswordBlockList;
  readonly passwordHasher: PasswordHasher;
  readonly settings: Settings;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/**
 * Sets a password by a mailed token: one that was forgotten, or the first one of an invited account. Every session of the account ends,
 * its address counts as confirmed, and a lock is lifted. Second factors stay.
 */
export class ResetPassword {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * A password that is refused does not spend the token. Token, password, sessions and audit entry change together or not at all.
   *
   * @throws {TokenInvalid}
   * @throws {PasswordRejected}
   * @throws {UserConflict} where the account was changed meanwhile; the token counts on
   */
  async execute(command: ResetPasswordCommand): Promise<void> {
    const { passwordBlockList, passwordHasher, settings, unitOfWork } = this.#deps;
    const found = await findToken(this.#deps, command.token, ['password-reset', 'invitation']);
    if (!found) throw new TokenInvalid();
    const account = await loadAccount(unitOfWork, found.tenantId, found.userId);
    // Mailed to a former address, it does not reach the owner.
    if (account?.user.email !== found.email) throw new TokenInvalid();
    const { user, tenant } = account;
    const factors = await unitOfWork.stores(tenant.id).secondFactors.summary(user.id);
    const owner = { tenant, email: user.email, factors };
    const newPassword = checkPassword({ passwordBlockList, settings }, owner, command.newPassword);
    const passwordHash = await passwordHasher.hash(newPassword);
    const isInvitation = found.purpose === 'invitation';
    const notices = isInvitation ? [] : [await noticeTo(this.#deps, user, { kind: 'password-changed' })];
    const now = this.#deps.clock.now();
    const action = isInvitation ? 'identity.invitation-accepted' : 'identity.password-reset';
    const act = { action, subject: { type: 'user', id: user.id } };
    const actor = { kind: 'anonymous', tenantId: user.tenantId } as const;
    const entry = auditEntryOf(this.#deps.idGenerator, actor, act, now);
    const spent = await unitOfWork.run(user.tenantId, async (stores) => {
      if (!(await stores.oneTimeTokens.spend(found.hash, now))) return false;
      await stores.users.save(withPasswordByMail(user, passwordHash, now));
      await stores.sessions.endAll(user.id, 'password-reset', now, null);
      // Its owner needs none of them any more, and whoever had the former password may have begun some.
      await stores.oneTimeTokens.revoke(user.id, OPENING_PURPOSES);
      await addAll(stores.outbox, notices);
      await stores.audit.add(entry);
      return true;
    });
    if (!spent) throw new TokenInvalid();
    await endLock(this.#deps, account, factors);
  }
}
