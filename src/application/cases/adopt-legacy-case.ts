import type { Actor } from '../../domain/access/actor.ts';
import { authorizeMember } from '../../domain/access/policy.ts';
import type { CasePriority, LegacyCase } from '../../domain/cases/case.ts';
import { CASE_TEXT_MAX } from '../../domain/cases/case-text.ts';
import type { CaseView } from '../../domain/cases/case-view.ts';
import { CaseConflict, LegacyQuestionTooLong } from '../../domain/cases/errors.ts';
import { adoptLegacy } from '../../domain/cases/legacy-case.ts';
import { caseLanguage } from '../../domain/cases/submit-case.ts';
import { requireState } from '../../domain/cases/transition.ts';
import { UNDETERMINED } from '../../domain/cases/legacy-language.ts';
import type { CaseId } from '../../domain/shared/ids.ts';
import type { Language } from '../../domain/shared/language.ts';
import { isTextWithin } from '../../domain/shared/text.ts';
import { UnknownTenant } from '../../domain/tenancy/errors.ts';
import type { VendorDirectory } from '../ports/legacy/vendor-directory.ts';
import type { SealedMessage } from '../ports/stores/case-store.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { caseActOf, caseChangeOf } from '../steps/case-change.ts';
import { type CaseReading, sealMessage } from '../steps/case-texts.ts';

export interface AdoptLegacyCaseCommand {
  readonly actor: Actor;
  readonly caseId: CaseId;
  /** The one that the row says unless told, or else that of its patient's account. */
  readonly language?: Language | undefined;
  /** Routine unless told. */
  readonly priority?: CasePriority | undefined;
  readonly specialty?: string | undefined;
}

interface Dependencies extends CaseReading {
  readonly vendorDirectory: VendorDirectory;
  readonly unitOfWork: UnitOfWork<'cases' | 'users'>;
}

/** Gives a case of the legacy service a workflow here: from then on it waits for a physician like any other. Its row stays as it is. */
export class AdoptLegacyCase {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The workflow, its event, its encrypted text and its audit entry are kept together or not at all. The case is as old as its row, and
   * due from now on.
   *
   * @returns `null` where the tenant has no such case
   * @throws {Forbidden} for whoever is no admin
   * @throws {CaseLanguageRejected}
   * @throws {CaseNotAllowedInState} where it has a workflow already
   * @throws {LegacyQuestionTooLong}
   * @throws {CaseConflict} where its row got another owner meanwhile, is gone, or belongs to somebody of another tenant
   */
  async execute(command: AdoptLegacyCaseCommand): Promise<CaseView | null> {
    const actor = authorizeMember(command.actor, 'cases.adopt-legacy');
    const { clock, idGenerator, unitOfWork, vendorDirectory } = this.#deps;
    const asked = command.language === undefined ? null : caseLanguage(command.language);
    const { cases } = unitOfWork.stores(actor.tenantId);
    const found = await cases.find(command.caseId, { kind: 'tenant' });
    if (!found) return null;
    requireState(found, 'legacy');
    const now = clock.now();
    const question = await this.#sealedQuestion(found);
    const language = asked ?? (await this.#languageOf(found));
    const intake = await cases.intake(language, vendorDirectory.find(found.vendorId));
    if (!intake) throw new UnknownTenant();
    const { priority = 'routine', specialty = null } = command;
    const given = { language, priority, specialty };
    const adoption = adoptLegacy(found, given, intake, caseActOf(idGenerator, actor, now));
    const { audit } = caseChangeOf(idGenerator, actor, adoption);
    if (!(await cases.adoptLegacy({ ...adoption, audit, question }))) throw new CaseConflict();
    return { case: adoption.after, conversation: null };
  }

  /** @returns `null` where its row asks nothing */
  async #sealedQuestion(found: LegacyCase): Promise<SealedMessage | null> {
    const { cases } = this.#deps.unitOfWork.stores(found.tenantId);
    const text = await cases.readLegacyQuestion(found.id, { kind: 'tenant' });
    if (text === null || text.trim() === '') return null;
    if (!isTextWithin(text, CASE_TEXT_MAX)) throw new LegacyQuestionTooLong();
    const written = { kind: 'question', authorRole: 'patient', authorId: found.patientId, text } as const;
    return sealMessage(this.#deps, found, written, found.createdAt);
  }

  async #languageOf({ language, patientId, tenantId }: LegacyCase): Promise<Language> {
    if (language !== UNDETERMINED || patientId === null) return language;
    const patient = await this.#deps.unitOfWork.stores(tenantId).users.find(patientId);
    return patient?.language ?? language;
  }
}
