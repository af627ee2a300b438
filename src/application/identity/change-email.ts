import type { Actor, UserActor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { newEmail } from '../../domain/identity/email-address.ts';
import type { User } from '../../domain/identity/user.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { loadAccount } from '../steps/load-account.ts';
import { isWithinBudget } from '../steps/mail-on-request.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import { decoyEntry, mailEntry, type MailWriting } from '../steps/outbox-mail.ts';
import { requireStepUp } from '../steps/require-step-up.ts';

export interface ChangeEmailCommand {
  readonly actor: Actor;
  /** The address that the account is to have. */
  readonly email: string;
}

interface Dependencies extends MailWriting, TokenMaking {
  readonly accountDirectory: AccountDirectory;
  readonly unitOfWork: UnitOfWork<
    'users' | 'tenants' | 'sessions' | 'secondFactors' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/**
 * Asks the owner of a new address to confirm it; until he does, the account keeps the former one, which is told. An address that has
 * an account already gets a mail that says so, and the answer does not tell.
 */
export class ChangeEmail {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws {StepUpRequired}
   * @throws {EmailRejected}
   */
  async execute(command: ChangeEmailCommand): Promise<void> {
    const actor = authorizeUser(command.actor, 'email.change');
    const { accountDirectory, unitOfWork } = this.#deps;
    await requireStepUp(this.#deps, actor);
    const email = newEmail(command.email);
    const account = await loadAccount(unitOfWork, actor.tenantId, actor.userId);
    if (!account) throw new Unauthenticated();
    if (email === account.user.email) return;
    const holder = (await accountDirectory.find(account.tenant.slug, email)).user;
    await this.#ask(actor, account.user, email, holder);
  }

  async #ask(actor: UserActor, user: User, email: string, holder: User | null): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const { token, stored } = issueToken(this.#deps, user, 'email-change', email);
    const toNew = await (holder ? this.#tellHolder(holder) : this.#askNew(user, email, token));
    const toOld = await noticeTo(this.#deps, user, { kind: 'email-change-requested' });
    const act = { action: 'identity.email-change-requested', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, clock.now());
    await unitOfWork.run(user.tenantId, async (stores) => {
      if (!(await isWithinBudget(stores, toNew))) return;
      if (holder) await stores.oneTimeTokens.revoke(user.id, ['email-change']);
      else await stores.oneTimeTokens.put(stored);
      await stores.outbox.add(toNew);
      await stores.outbox.add(toOld);
      await stores.audit.add(entry);
    });
  }

  #askNew({ tenantId, language }: User, to: string, token: string): Promise<OutboxEntry> {
    return mailEntry(this.#deps, tenantId, {
      to,
      language,
      content: { kind: 'confirm-email-change', token },
    });
  }

  #tellHolder(holder: User): Promise<OutboxEntry> {
    return holder.isActive
      ? noticeTo(this.#deps, holder, { kind: 'already-registered' })
      : decoyEntry(this.#deps, holder.tenantId, holder.email);
  }
}
