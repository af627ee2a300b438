import { TokenInvalid } from '../../domain/access/errors.ts';
import {
  type OneTimeToken,
  OPENING_PURPOSES,
  type TokenPurpose,
} from '../../domain/access/one-time-token.ts';
import { type User, withEmail, withEmailVerified } from '../../domain/identity/user.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { findToken, type TokenFinding } from '../steps/one-time-tokens.ts';
import { addAll, type MailWriting } from '../steps/outbox-mail.ts';

export interface VerifyEmailCommand {
  /** As it was mailed. */
  readonly token: string;
}

interface Dependencies extends TokenFinding, MailWriting {
  readonly unitOfWork: UnitOfWork<'users' | 'oneTimeTokens' | 'outbox' | 'audit'>;
}

/** What a token brings about. */
interface Verification {
  readonly changed: User;
  readonly action: string;
  readonly notices: readonly OutboxEntry[];
  readonly revoked: readonly TokenPurpose[];
}

/** Confirms an address by the token that was mailed to it: a new account's, or the one that an account is to have from now on. */
export class VerifyEmail {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Spends the token and changes the account together, or neither.
   *
   * @throws {TokenInvalid}
   * @throws {EmailTaken} where another account has got the new address meanwhile
   * @throws {UserConflict} where the account was changed meanwhile; the token counts on
   */
  async execute(command: VerifyEmailCommand): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const found = await findToken(this.#deps, command.token, ['email-verification', 'email-change']);
    const user = found && (await unitOfWork.stores(found.tenantId).users.find(found.userId));
    if (!found || !user?.isActive) throw new TokenInvalid();
    const now = clock.now();
    const { changed, action, notices, revoked } = await this.#verificationOf(found, user, now);
    const actor = { kind: 'anonymous', tenantId: user.tenantId } as const;
    const act = { action, subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    const spent = await unitOfWork.run(user.tenantId, async ({ users, oneTimeTokens, outbox, audit }) => {
      if (!(await oneTimeTokens.spend(found.hash, now))) return false;
      await users.save(changed);
      await oneTimeTokens.revoke(user.id, revoked);
      await addAll(outbox, notices);
      await audit.add(entry);
      return true;
    });
    if (!spent) throw new TokenInvalid();
  }

  async #verificationOf(token: OneTimeToken, user: User, now: Date): Promise<Verification> {
    if (token.purpose === 'email-change') {
      // What was mailed to the former address must not open the account that has another by now.
      const notices = [await noticeTo(this.#deps, user, { kind: 'email-changed' })];
      const changed = withEmail(user, token.email, now);
      return { changed, action: 'identity.email-changed', notices, revoked: OPENING_PURPOSES };
    }
    if (token.email !== user.email) throw new TokenInvalid();
    const changed = withEmailVerified(user, now);
    return { changed, action: 'identity.email-verified', notices: [], revoked: ['email-verification'] };
  }
}
