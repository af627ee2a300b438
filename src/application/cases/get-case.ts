import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import { type CaseView, conversationOf } from '../../domain/cases/case-view.ts';
import { caseScopeOf, mayReadText } from '../../domain/cases/visibility.ts';
import type { CaseId, TenantId } from '../../domain/shared/ids.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { SealedMessage } from '../ports/stores/case-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { messagePlace } from '../steps/message-place.ts';

export interface GetCaseCommand {
  readonly actor: Actor;
  readonly caseId: CaseId;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<'cases' | 'audit'>;
}

/** Reads a case; with its text for its patient and its assignee, and then the reading is in the audit trail. */
export class GetCase {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns `null` for what the actor may not see */
  async execute(command: GetCaseCommand): Promise<CaseView | null> {
    const actor = authorizeMember(command.actor, 'cases.read');
    const { clock, idGenerator, unitOfWork } = this.#deps;
    const scope = caseScopeOf(actor);
    if (!mayReadText(scope)) {
      const found = await unitOfWork.stores(actor.tenantId).cases.find(command.caseId, scope);
      return found && { case: found, conversation: null };
    }
    const read = await unitOfWork.run(actor.tenantId, async ({ cases, audit }) => {
      const found = await cases.find(command.caseId, scope);
      if (!found) return null;
      const act = { action: 'cases.text-read', subject: { type: 'case', id: found.id } };
      await audit.add(auditEntryOf(idGenerator, actor, act, clock.now()));
      return { found, sealed: await cases.listMessages(found.id) };
    });
    if (!read) return null;
    const messages = await Promise.all(
      read.sealed.map((message) => this.#open(read.found.tenantId, message)),
    );
    return { case: read.found, conversation: conversationOf(messages) };
  }

  async #open(tenantId: TenantId, { id, kind, authorRole, body, at }: SealedMessage) {
    const text = await this.#deps.textCipher.open(messagePlace(tenantId, id), body);
    return { id, kind, authorRole, text, at };
  }
}
