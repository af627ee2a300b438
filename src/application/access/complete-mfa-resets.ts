import { Unavailable } from '../../domain/access/errors.ts';
import type { MfaReset } from '../../domain/access/mfa-reset.ts';
import { withFactorsReset } from '../../domain/identity/user.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { noticeTo } from '../steps/notice-to.ts';
import type { MailWriting } from '../steps/outbox-mail.ts';

export interface CompleteMfaResetsCommand {
  readonly tenantId: TenantId;
  /** The entry of the outbox by which somebody was told to look; `null` where nobody was. */
  readonly outboxId: string | null;
}

interface Dependencies extends MailWriting {
  readonly unitOfWork: UnitOfWork<
    'users' | 'sessions' | 'secondFactors' | 'mfaResets' | 'oneTimeTokens' | 'outbox' | 'audit'
  >;
}

/** What may have been begun by whoever had the account so far, and the link that stops what has happened by now. */
const REVOKED = ['mfa-reset-cancel', 'factor-enrolment', 'email-change'] as const;

/** Takes the second factors away whose reset is due and was not stopped; every session of the account ends. */
export class CompleteMfaResets {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns how many accounts it reset; each is kept or undone as a whole
   * @throws {Unavailable} where the entry is not due yet
   * @throws {UserConflict} where an account was changed meanwhile; its reset goes on waiting
   */
  async execute({ tenantId, outboxId }: CompleteMfaResetsCommand): Promise<number> {
    const { clock, unitOfWork } = this.#deps;
    const { mfaResets, outbox } = unitOfWork.stores(tenantId);
    const now = clock.now();
    const timer = outboxId === null ? null : await outbox.find(outboxId);
    // The queue goes by the database's clock, which may be ahead of this one: settled now, the timer would be lost to its reset.
    if (timer && timer.dueAt > now) throw new Unavailable();
    let completed = 0;
    for (const reset of await mfaResets.listDue(now)) {
      if (await this.#complete(reset)) completed += 1;
    }
    if (timer) await outbox.settle(timer.id, 'done', clock.now());
    return completed;
  }

  async #complete({ id, tenantId, userId }: MfaReset): Promise<boolean> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const user = await unitOfWork.stores(tenantId).users.find(userId);
    if (!user) return false;
    const now = clock.now();
    const notice = await noticeTo(this.#deps, user, { kind: 'mfa-reset-completed' });
    const subject = { type: 'user', id: userId };
    const act = { action: 'access.mfa-reset-completed', subject, details: { reset: id } };
    const entry = auditEntryOf(idGenerator, { kind: 'system', tenantId }, act, now);
    return unitOfWork.run(tenantId, async (stores) => {
      if (!(await stores.mfaResets.complete(id, now))) return false;
      await stores.users.save(withFactorsReset(user, now));
      await stores.secondFactors.removeAll(userId);
      await stores.sessions.endAll(userId, 'factors-reset', now, null);
      await stores.oneTimeTokens.revoke(userId, REVOKED);
      await stores.outbox.add(notice);
      await stores.audit.add(entry);
      return true;
    });
  }
}
