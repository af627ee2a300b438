import type { Actor } from '../../domain/access/actor.ts';
import { MfaResetPending, ReasonRejected } from '../../domain/access/errors.ts';
import type { MfaReset } from '../../domain/access/mfa-reset.ts';
import { authorizeMember, requireRecentProof } from '../../domain/access/policy.ts';
import { MFA_RESET_DELAY_SECONDS } from '../../domain/access/second-factor.ts';
import type { User } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { isReason } from '../../domain/shared/reason.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { noticeTo } from '../steps/notice-to.ts';
import { issueToken, type TokenMaking } from '../steps/one-time-tokens.ts';
import { mfaResetEntry, type MailWriting } from '../steps/outbox-mail.ts';
import { resetReasonPlace } from '../steps/reset-reason-place.ts';

export interface RequestMfaResetCommand {
  readonly actor: Actor;
  readonly userId: UserId;
  /** Why, in 1 to 1,000 characters; kept encrypted beside the request. */
  readonly reason: string;
}

interface Dependencies extends MailWriting, TokenMaking {
  readonly unitOfWork: UnitOfWork<'users' | 'mfaResets' | 'oneTimeTokens' | 'outbox' | 'audit'>;
}

/**
 * Asks for the second factors of somebody who has lost them to be taken away. It happens after a day; until then the owner, who is told
 * at once, can stop it.
 */
export class RequestMfaReset {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such account
   * @throws {Forbidden} for whoever is no admin
   * @throws {StepUpRequired}
   * @throws {ReasonRejected}
   * @throws {MfaResetPending} where one waits already; one that should have happened is set going
   */
  async execute(command: RequestMfaResetCommand): Promise<MfaReset | null> {
    const actor = authorizeMember(command.actor, 'users.reset-factors');
    if (actor.kind === 'user') requireRecentProof(actor, this.#deps.clock.now());
    const { clock, idGenerator, textCipher, unitOfWork } = this.#deps;
    if (!isReason(command.reason)) throw new ReasonRejected();
    const user = await unitOfWork.stores(actor.tenantId).users.find(command.userId);
    if (!user) return null;
    await this.#refuseOverdue(user);
    const now = clock.now();
    const reset: MfaReset = {
      id: idGenerator.next(),
      tenantId: user.tenantId,
      userId: user.id,
      requestedBy: actor.kind === 'user' ? actor.userId : null,
      requestedAt: now,
      dueAt: addSeconds(now, MFA_RESET_DELAY_SECONDS),
    };
    const reason = await textCipher.seal(resetReasonPlace(user.tenantId, reset.id), command.reason);
    const { token, stored } = issueToken(this.#deps, user, 'mfa-reset-cancel');
    const dueAt = reset.dueAt.toISOString();
    const notice = await noticeTo(this.#deps, user, { kind: 'mfa-reset-requested', token, dueAt });
    const timer = await mfaResetEntry(this.#deps, user.tenantId, user.email, reset.dueAt);
    const subject = { type: 'user', id: user.id };
    const act = { action: 'access.mfa-reset-requested', subject, details: { reset: reset.id } };
    const entry = auditEntryOf(idGenerator, actor, act, now);
    await unitOfWork.run(user.tenantId, async (stores) => {
      await stores.mfaResets.add(reset, reason);
      await stores.oneTimeTokens.put(stored);
      await stores.outbox.add(notice);
      await stores.outbox.add(timer);
      await stores.audit.add(entry);
    });
    return reset;
  }

  /** A reset that is due and waits has lost its timer, and gets another one: without it, nobody could ever ask for a reset again. */
  async #refuseOverdue(user: User): Promise<void> {
    const { clock, unitOfWork } = this.#deps;
    const { mfaResets, outbox } = unitOfWork.stores(user.tenantId);
    const now = clock.now();
    const due = await mfaResets.listDue(now);
    if (!due.some(({ userId }) => userId === user.id)) return;
    await outbox.add(await mfaResetEntry(this.#deps, user.tenantId, user.email, now));
    throw new MfaResetPending();
  }
}
