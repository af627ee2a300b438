import type { Actor, SystemActor, UserActor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { AuditDetails } from '../../domain/audit/audit-entry.ts';
import type { Case, LegacyCase } from '../../domain/cases/case.ts';
import { type CaseView, type Conversation, legacyConversation } from '../../domain/cases/case-view.ts';
import { caseScopeOf, mayReadText } from '../../domain/cases/visibility.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { Stores, UnitOfWork } from '../ports/unit-of-work.ts';
import { auditReading, type CaseReading, openTexts, readTexts } from '../steps/case-texts.ts';
import { findInQueue } from '../steps/find-case.ts';

export interface GetCaseCommand {
  readonly actor: Actor;
  readonly caseId: CaseId;
}

interface Dependencies extends CaseReading {
  readonly unitOfWork: UnitOfWork<'cases' | 'physicians' | 'breakGlass' | 'audit'>;
}

/**
 * Reads a case; with its text for its patient, for whoever has it, and for an admin who has broken the glass. Then the reading is in the
 * audit trail.
 */
export class GetCase {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns `null` for what the actor may not see */
  async execute(command: GetCaseCommand): Promise<CaseView | null> {
    const actor = authorizeMember(command.actor, 'cases.read');
    const { textCipher, unitOfWork } = this.#deps;
    const read = await unitOfWork.run(actor.tenantId, async ({ cases }, elsewhere) => {
      const found = await cases.find(command.caseId, caseScopeOf(actor));
      if (!found) return null;
      if (found.state === 'legacy') {
        return {
          found,
          texts: null,
          conversation: await this.#readLegacy(found, actor, elsewhere(found.tenantId)),
        };
      }
      const stores = elsewhere(found.tenantId);
      const right = await this.#rightTo(found, actor, stores);
      const texts = right && (await readTexts(this.#deps, stores, actor, found, right));
      return { found, texts, conversation: null };
    });
    if (!read) {
      const queued = await findInQueue(unitOfWork, actor, command.caseId);
      return queued && { case: { ...queued, patientId: null }, conversation: null };
    }
    const { conversation, found, texts } = read;
    return { case: found, conversation: texts ? await openTexts(textCipher, found, texts) : conversation };
  }

  /** What a legacy case asks, as its row says it; `null` for whoever may not read it. */
  async #readLegacy(
    found: LegacyCase,
    actor: UserActor | SystemActor,
    stores: Pick<Stores, 'cases' | 'audit'>,
  ): Promise<Conversation | null> {
    const scope = caseScopeOf(actor);
    if (!mayReadText(scope)) return null;
    await auditReading(this.#deps, stores, actor, found);
    return legacyConversation(found, await stores.cases.readLegacyQuestion(found.id, scope));
  }

  /** What the audit trail is to say of the right to read the text; `null` where there is none. */
  async #rightTo(
    { id }: Case,
    actor: UserActor | SystemActor,
    { breakGlass }: Pick<Stores, 'breakGlass'>,
  ): Promise<AuditDetails | null> {
    if (mayReadText(caseScopeOf(actor))) return {};
    if (actor.kind !== 'user') return null;
    const grant = await breakGlass.findLive(id, actor.userId, this.#deps.clock.now());
    return grant && { grant: grant.id };
  }
}
