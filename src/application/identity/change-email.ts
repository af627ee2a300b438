import type { Actor, UserActor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { newEmail } from '../../domain/identity/new-email.ts';
import type { User } from '../../domain/identity/user.ts';
import type { AccountDirectory } from '../ports/stores/account-directory.ts';
import type { OutboxEntry } from '../ports/stores/outbox.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { loadAccount } from '../steps/load-account.ts';
import { addRequested } from '../steps/mail-on-request.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import { mailTo, type MailWriting, requestedEntry } from '../steps/outbox-mail.ts';
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
    const toNew = await this.#entryFor(user, email, holder, token);
    const toOld = await noticeTo(this.#deps, user, { kind: 'email-change-requested' });
    const act = { action: 'identity.email-change-requested', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, clock.now());
    await unitOfWork.run(user.tenantId, async (stores) => {
      if (!(await addRequested(stores, toNew))) return;
      if (holder) await stores.oneTimeTokens.revoke(user.id, ['email-change']);
      else await stores.oneTimeTokens.put(stored);
      await stores.outbox.add(toOld);
      await stores.audit.add(entry);
    });
  }

  /** What goes to the new address: whoever is signed in is a stranger to it, and it counts as that. */
  #entryFor(user: User, address: string, holder: User | null, token: string): Promise<OutboxEntry> {
    const request = { tenantId: user.tenantId, purpose: 'email-change', address } as const;
    if (!holder) {
      const { language } = user;
      const asked = mailTo({ email: address, language }, { kind: 'confirm-email-change', token });
      return requestedEntry(this.#deps, request, asked);
    }
    const told = holder.isActive ? mailTo(holder, { kind: 'already-registered' }) : null;
    return requestedEntry(this.#deps, request, told);
  }
}
