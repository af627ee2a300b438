import type { Actor } from '../../domain/access/actor.ts';
import { Unauthenticated } from '../../domain/access/errors.ts';
import { authorizeVisitor } from '../../domain/access/policy.ts';
import type { Case, CasePriority } from '../../domain/cases/case.ts';
import { checkCaseText } from '../../domain/cases/case-text.ts';
import { SubmissionHidden } from '../../domain/cases/errors.ts';
import { type CaseView, conversationOf } from '../../domain/cases/case-view.ts';
import { caseLanguage, submitCase } from '../../domain/cases/submit-case.ts';
import { ANONYMOUS_SECONDS } from '../../domain/cases/timers.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { IdempotentRequest } from '../../domain/shared/idempotent-request.ts';
import type { Language } from '../../domain/shared/language.ts';
import { addSeconds } from '../../domain/shared/time.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { KeyedHash } from '../ports/security/keyed-hash.ts';
import type { Settings } from '../ports/system/settings.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { auditEntryOf } from '../steps/audit-entry-of.ts';
import { caseActOf, type CaseActor } from '../steps/case-change.ts';
import { type CaseReading, openTexts, readTexts, sealMessage } from '../steps/case-texts.ts';
import { once, type Prepared } from '../steps/once.ts';
import { receiptHash } from '../steps/receipt-hash.ts';

export interface SubmitCaseCommand {
  readonly actor: Actor;
  readonly language: Language;
  /** 1 to 20,000 code points. */
  readonly question: string;
  readonly priority?: CasePriority | undefined;
  readonly specialty?: string | undefined;
  /** In any spelling; kept in its normal form. */
  readonly vendorId?: string | undefined;
  /** By which the same submission, sent again, is the same case. */
  readonly idempotency?: IdempotentRequest | undefined;
}

/** A case that was taken in. */
export interface SubmittedCaseView {
  /** With its text for a patient; without it for an anonymous sender, who has no account to read it with. */
  readonly view: CaseView;
  /** Shows the state of an anonymous case to whoever holds it; kept nowhere. `null` for a patient's case. */
  readonly receipt: string | null;
}

interface Dependencies extends CaseReading {
  readonly keyedHash: KeyedHash;
  readonly settings: Settings;
  readonly vendorDirectory: VendorDirectory;
  readonly unitOfWork: UnitOfWork<'cases' | 'audit' | 'idempotencyKeys'>;
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
   * @throws {IdempotencyKeyReused} for another submission under the same key
   * @throws {IdempotencyKeyInUse} while the first one is under way
   * @throws {SubmissionHidden} for a repetition whose case its sender does not see any more
   */
  async execute(command: SubmitCaseCommand): Promise<SubmittedCaseView> {
    const actor = authorizeVisitor(command.actor, 'cases.submit');
    if (actor.kind !== 'user' && !this.#deps.settings.anonymousCases) throw new Unauthenticated();
    checkCaseText(command.question);
    return once(
      this.#deps,
      { actor, operation: 'cases.submit', idempotency: command.idempotency },
      { prepare: () => this.#prepare(actor, command), recall: (caseId) => this.#recall(actor, caseId) },
    );
  }

  async #prepare(
    actor: CaseActor & Actor,
    command: SubmitCaseCommand,
  ): Promise<Prepared<'cases', SubmittedCaseView>> {
    const { clock, idGenerator, unitOfWork, vendorDirectory } = this.#deps;
    const patientId = actor.kind === 'user' ? actor.userId : null;
    const language = caseLanguage(command.language);
    const vendor = vendorDirectory.find(command.vendorId ?? null);
    const intake = await unitOfWork.stores(actor.tenantId).cases.intake(language, vendor);
    if (!intake) throw new UnknownTenant();
    const now = clock.now();
    const { vendorId } = vendor;
    const given = { ...givenBy(command), id: idGenerator.next(), patientId, language, vendorId };
    const { submitted, event } = submitCase(given, intake, caseActOf(idGenerator, actor, now));
    const authorRole = patientId ? ('patient' as const) : ('anonymous' as const);
    const written = { kind: 'question', authorRole, authorId: patientId, text: command.question } as const;
    const question = await sealMessage(this.#deps, submitted, written, now);
    const act = { action: 'cases.submitted', subject: { type: 'case', id: submitted.id } };
    const audit = auditEntryOf(idGenerator, actor, act, now);
    const receipt = patientId ? null : this.#receiptOf(submitted);
    const expiresAt = addSeconds(now, ANONYMOUS_SECONDS);
    const stored = receipt === null ? null : { hash: receiptHash(this.#deps.keyedHash, receipt), expiresAt };
    const { kind, text } = written;
    const message = { id: question.id, kind, authorRole, text, at: now };
    const conversation = patientId ? conversationOf([message]) : null;
    return {
      resourceId: submitted.id,
      made: { view: { case: submitted, conversation }, receipt },
      keep: ({ cases }) => cases.add({ submitted, question, event, audit, receipt: stored }),
      isOneStatement: true,
    };
  }

  async #recall(actor: Actor, caseId: CaseId): Promise<SubmittedCaseView | null> {
    const { textCipher, unitOfWork } = this.#deps;
    const found = await unitOfWork.stores(actor.tenantId).cases.find(caseId, { kind: 'tenant' });
    if (!found) return null;
    const patientId = actor.kind === 'user' ? actor.userId : null;
    if (found.state === 'void' || found.patientId !== patientId) throw new SubmissionHidden();
    if (actor.kind !== 'user') {
      return { view: { case: found, conversation: null }, receipt: this.#receiptOf(found) };
    }
    const texts = await unitOfWork.run(actor.tenantId, (stores) =>
      readTexts(this.#deps, stores, actor, found),
    );
    return { view: { case: found, conversation: await openTexts(textCipher, found, texts) }, receipt: null };
  }

  /** Derived from the case, so that it can be told again to whoever sends the same submission again. */
  #receiptOf({ id }: Case): string {
    return Buffer.from(this.#deps.keyedHash.of('case-receipt-secret', id)).toString('base64url');
  }
}

const givenBy = ({ actor, priority, specialty }: SubmitCaseCommand) => ({
  tenantId: actor.tenantId,
  priority: priority ?? 'routine',
  specialty: specialty ?? null,
});
