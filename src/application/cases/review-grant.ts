import type { Actor } from '../../domain/access/actor.ts';
import { Forbidden } from '../../domain/access/errors.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { isOutcome } from '../../domain/cases/break-glass.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import { GrantReviewed, OutcomeRejected } from '../../domain/cases/errors.ts';
import type { GrantId } from '../../domain/shared/ids.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { grantPlace } from '../steps/grant-place.ts';
import { type GrantView, openGrant } from '../steps/open-grant.ts';

export interface ReviewGrantCommand {
  readonly actor: Actor;
  readonly grantId: GrantId;
  /** The practice's own word for what it came to, in 1 to 100 code points. */
  readonly outcome: string;
  /** In 1 to 1,000 code points; kept encrypted. */
  readonly note: string;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<'breakGlass' | 'users' | 'audit'>;
}

/** Keeps an admin's review of a colleague's leave to read a case; his own only where the tenant has no other active admin. */
export class ReviewGrant {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @returns `null` where the tenant has no such grant
   * @throws {Forbidden} for whoever is no admin, or reviews his own grant where a colleague could
   * @throws {OutcomeRejected}
   * @throws {CaseReasonRejected} for a note that is none
   * @throws {GrantReviewed} where somebody was faster
   */
  async execute({ actor: given, grantId, outcome, note }: ReviewGrantCommand): Promise<GrantView | null> {
    const actor = authorizeUser(given, 'cases.review-break-glass');
    const { clock, idGenerator, textCipher, unitOfWork } = this.#deps;
    if (!isOutcome(outcome)) throw new OutcomeRejected();
    checkReason(note);
    const { tenantId, userId: reviewerId } = actor;
    const stored = await unitOfWork.stores(tenantId).breakGlass.find(grantId);
    if (!stored) return null;
    const now = clock.now();
    const review = { reviewerId, outcome, at: now };
    const sealed = await textCipher.seal(grantPlace(tenantId, grantId, 'note'), note);
    const act = {
      action: 'cases.glass-reviewed',
      subject: { type: 'case', id: stored.caseId },
      details: { grant: grantId },
    };
    const isKept = await unitOfWork.run(tenantId, async (stores) => {
      if (stored.adminId === reviewerId && (await stores.users.listActiveAdminsForUpdate()).length > 1) {
        throw new Forbidden('A colleague has to review what you gave yourself.');
      }
      if (!(await stores.breakGlass.review(grantId, review, sealed))) return false;
      await stores.audit.add(auditEntryOf(idGenerator, actor, act, now));
      return true;
    });
    if (!isKept) throw new GrantReviewed();
    return openGrant(textCipher, { ...stored, review, note: sealed });
  }
}
