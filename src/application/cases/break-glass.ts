import type { Actor } from '../../domain/access/actor.ts';
import { authorizeUser } from '../../domain/access/policy.ts';
import { type BreakGlassGrant, grantBreakGlass } from '../../domain/cases/break-glass.ts';
import { checkReason } from '../../domain/cases/case-text.ts';
import { CaseNotAllowedInState } from '../../domain/cases/errors.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { grantPlace } from '../steps/grant-place.ts';
import { noticesToAdmins, type CaseNoticing } from '../steps/notices-of-case.ts';
import { once, type Prepared } from '../steps/once.ts';
import { addAll } from '../steps/outbox-mail.ts';

export interface BreakGlassCommand {
  readonly actor: Actor;
  readonly caseId: CaseId;
  /** Why, in 1 to 1,000 code points; kept encrypted, for the review. */
  readonly reason: string;
  /** By which the same request, sent again, is the same grant. */
  readonly idempotency?: IdempotentRequest | undefined;
}

type StoreName = 'cases' | 'breakGlass' | 'outbox' | 'audit';

interface Dependencies extends Omit<CaseNoticing, 'unitOfWork'> {
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<StoreName | 'users' | 'idempotencyKeys'>;
}

/**
 * Lets an admin read the text of a case for an hour, outside of his role. Every active admin of the tenant is told by mail at once, and
 * the grant waits for its review (45 CFR 164.312(a)(2)(ii)).
 */
export class BreakGlass {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The grant, its audit entry and the mails are kept together or not at all.
   *
   * @returns `null` where the tenant has no such case
   * @throws {Forbidden} for whoever is no admin
   * @throws {CaseReasonRejected}
   * @throws {CaseNotAllowedInState} for a legacy case
   * @throws {IdempotencyKeyReused} for another request under the same key
   * @throws {IdempotencyKeyInUse} while the first one is under way
   */
  async execute({
    actor: given,
    caseId,
    reason,
    idempotency,
  }: BreakGlassCommand): Promise<BreakGlassGrant | null> {
    const actor = authorizeUser(given, 'cases.break-glass');
    const { clock, idGenerator, unitOfWork } = this.#deps;
    checkReason(reason);
    const { breakGlass, cases } = unitOfWork.stores(actor.tenantId);
    const found = await cases.find(caseId, { kind: 'tenant' });
    if (!found) return null;
    // Grants are of cases with a workflow: adopted first, a legacy case is one.
    if (found.state === 'legacy') throw new CaseNotAllowedInState(found.state);
    const prepare = () => {
      const { tenantId, userId: adminId } = actor;
      const grant = grantBreakGlass({ id: idGenerator.next(), tenantId, caseId, adminId }, clock.now());
      const act = {
        action: 'cases.glass-broken',
        subject: { type: 'case', id: caseId },
        details: { grant: grant.id },
      };
      return this.#prepared(grant, reason, auditEntryOf(idGenerator, actor, act, grant.createdAt));
    };
    const recall = (id: string) => breakGlass.find(id);
    return once(this.#deps, { actor, operation: 'cases.break-glass', idempotency }, { prepare, recall });
  }

  async #prepared(
    grant: BreakGlassGrant,
    reason: string,
    entry: ReturnType<typeof auditEntryOf>,
  ): Promise<Prepared<'breakGlass' | 'outbox' | 'audit', BreakGlassGrant>> {
    const { id, caseId, tenantId } = grant;
    const sealed = await this.#deps.textCipher.seal(grantPlace(tenantId, id, 'reason'), reason);
    const expiresAt = grant.expiresAt.toISOString();
    const content = { kind: 'break-glass-used', caseId, grantId: id, expiresAt } as const;
    const notices = await noticesToAdmins(this.#deps, { tenantId }, content);
    return {
      resourceId: id,
      made: grant,
      keep: async ({ audit, breakGlass, outbox }) => {
        await breakGlass.add(grant, sealed);
        await audit.add(entry);
        await addAll(outbox, notices);
      },
    };
  }
}
