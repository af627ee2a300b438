import type { MfaReset } from '../../domain/access/mfa-reset.ts';
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

/** Takes the second factors away whose reset is due and was not stopped; every session of the account ends. */
export class CompleteMfaResets {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns how many accounts it reset; each is kept or undone as a whole */
  async execute({ tenantId, outboxId }: CompleteMfaResetsCommand): Promise<number> {
    const { clock, unitOfWork } = this.#deps;
    const { mfaResets, outbox } = unitOfWork.stores(tenantId);
    let completed = 0;
    for (const reset of await mfaResets.listDue(clock.now())) {
      if (await this.#complete(reset)) completed += 1;
    }
    if (outboxId !== null) await outbox.settle(outboxId, 'done', clock.now());
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
      await stores.secondFactors.removeAll(userId);
      await stores.sessions.endAll(userId, 'factors-reset', now, null);
      await stores.oneTimeTokens.revoke(userId, ['mfa-reset-cancel', 'factor-enrolment']);
      await stores.outbox.add(notice);
      await stores.audit.add(entry);
      return true;
    });
  }
}
