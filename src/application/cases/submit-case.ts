import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorize } from '../../domain/access/policy.ts';
import {
  type CaseMessage,
  type CasePriority,
  type CaseSubmission,
  checkCaseText,
  submitCase,
  submittedEvent,
} from '../../domain/cases/case.ts';
import { type CaseView, conversationOf } from '../../domain/cases/case-view.ts';
import type { Language } from '../../domain/shared/language.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { SecretGenerator } from '../ports/security/secret-generator.ts';
import type { TextCipher } from '../ports/security/text-cipher.ts';
import type { SealedMessage } from '../ports/stores/case-store.ts';
import type { Clock } from '../ports/system/clock.ts';
import type { IdGenerator } from '../ports/system/id-generator.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { messagePlace } from '../steps/message-place.ts';

/** Seconds for which the receipt of an anonymous case counts. */
const RECEIPT_SECONDS = 24 * 3600;

export interface SubmitCaseCommand {
  readonly actor: Actor;
  readonly language: Language;
  /** 1 to 20,000 code points. */
  readonly question: string;
  readonly priority?: CasePriority | undefined;
  readonly specialty?: string | undefined;
  readonly vendorId?: string | undefined;
}

/** A case that was taken in. */
export interface SubmittedCaseView {
  /** With its text for a patient; without it for an anonymous sender, who has no account to read it with. */
  readonly view: CaseView;
  /** Shows the state of an anonymous case to whoever holds it; shown this once. `null` for a patient's case. */
  readonly receipt: string | null;
}

interface Dependencies {
  readonly clock: Clock;
  readonly idGenerator: IdGenerator;
  readonly keyedHash: KeyedHash;
  readonly secretGenerator: SecretGenerator;
  readonly settings: Settings;
  readonly textCipher: TextCipher;
  readonly unitOfWork: UnitOfWork<'tenants' | 'cases'>;
}

/** Takes in a case, of a patient or (where the installation allows it) of somebody without an account. */
export class SubmitCase {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The case, its row for the legacy service, its encrypted text, its event and its audit entry are kept together or not at all.
   *
   * @throws {Unauthenticated} where anonymous cases are off and nobody is signed in
   * @throws {Forbidden} for physicians and admins
   * @throws {CaseLanguageRejected}
   * @throws {CaseTextRejected}
   */
  async execute(command: SubmitCaseCommand): Promise<SubmittedCaseView> {
    const { actor } = command;
    const { clock, idGenerator, settings, unitOfWork } = this.#deps;
    authorize(actor, 'cases.submit');
    if (actor.kind !== 'user' && !settings.anonymousCases) throw new Unauthenticated();
    checkCaseText(command.question);
    const { cases, tenants } = unitOfWork.stores(actor.tenantId);
    const pool = (await tenants.find(actor.tenantId))?.privatePool ?? null;

    const now = clock.now();
    const patientId = actor.kind === 'user' ? actor.userId : null;
    const submitted = submitCase(idGenerator.next(), submissionOf(command, patientId, pool), now);
    const message: CaseMessage = {
      id: idGenerator.next(),
      kind: 'question',
      authorRole: patientId ? 'patient' : 'anonymous',
      text: command.question,
      at: now,
    };
    const act = { action: 'cases.submitted', subject: { type: 'case', id: submitted.id } };
    const receipt = patientId ? null : this.#deps.secretGenerator.generate();
    await cases.add({
      submitted,
      question: await this.#seal(submitted, message),
      event: submittedEvent(idGenerator.next(), submitted),
      audit: auditEntryOf(idGenerator, actor, act, now),
      receipt: receipt === null ? null : this.#stored(receipt, now),
    });
    return { view: { case: submitted, conversation: patientId ? conversationOf([message]) : null }, receipt };
  }

  async #seal(
    { id: caseId, tenantId, patientId }: CaseView['case'],
    { id, kind, authorRole, text, at }: CaseMessage,
  ): Promise<SealedMessage> {
    const body = await this.#deps.textCipher.seal(messagePlace(tenantId, id), text);
    return { id, caseId, kind, authorRole, authorId: patientId, body, at };
  }

  #stored(receipt: string, now: Date) {
    const hash = this.#deps.keyedHash.of('case-receipt', receipt);
    return { hash, expiresAt: addSeconds(now, RECEIPT_SECONDS) };
  }
}

const submissionOf = (
  { actor, language, priority, specialty, vendorId }: SubmitCaseCommand,
  patientId: CaseSubmission['patientId'],
  pool: string | null,
): CaseSubmission => ({
  tenantId: actor.tenantId,
  patientId,
  language,
  priority: priority ?? 'routine',
  specialty: specialty ?? null,
  vendorId: vendorId ?? null,
  pool,
});
