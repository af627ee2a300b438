import { TokenInvalid } from '../../domain/access/errors.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { findToken, type TokenFinding } from '../steps/one-time-tokens.ts';
import type { MailWriting } from '../steps/outbox-mail.ts';

export interface CancelMfaResetCommand {
  /** As it was mailed. */
  readonly token: string;
}

interface Dependencies extends TokenFinding, MailWriting {
  readonly unitOfWork: UnitOfWork<'users' | 'mfaResets' | 'oneTimeTokens' | 'outbox' | 'audit'>;
}

/** Stops an admin's reset of one's own second factors, by the token that came with the notice of it. */
export class CancelMfaReset {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws {TokenInvalid} also where the reset has happened already */
  async execute(command: CancelMfaResetCommand): Promise<void> {
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const found = await findToken(this.#deps, command.token, ['mfa-reset-cancel']);
    const user = found && (await unitOfWork.stores(found.tenantId).users.find(found.userId));
    if (!user) throw new TokenInvalid();
    const now = clock.now();
    const notice = await noticeTo(this.#deps, user, { kind: 'mfa-reset-cancelled' });
    const actor = { kind: 'anonymous', tenantId: user.tenantId } as const;
    const act = { action: 'access.mfa-reset-cancelled', subject: { type: 'user', id: user.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    const cancelled = await unitOfWork.run(user.tenantId, async (stores) => {
      if (!(await stores.oneTimeTokens.spend(found.hash, now))) return false;
      if (!(await stores.mfaResets.cancel(user.id, now))) return false;
      await stores.outbox.add(notice);
      await stores.audit.add(entry);
      return true;
    });
    if (!cancelled) throw new TokenInvalid();
  }
}
