import type {
  AdoptedLegacyCase,
  CaseChange,
  CaseFilter,
  CaseStore,
  QueuePage,
  QueueRequest,
  SealedMessage,
  SealedReason,
  SubmittedCase,
} from '../../../application/ports/stores/case-store.ts';
import type { Case } from '../../../domain/cases/case.ts';
import type { CaseEvent } from '../../../domain/cases/case-event.ts';
import type { Routed } from '../../../domain/cases/eligibility.ts';
import type { CaseIntake } from '../../../domain/cases/submit-case.ts';
import type { CaseScope, ListedScope } from '../../../domain/cases/visibility.ts';
import type { Vendor } from '../../../domain/legacy/vendor.ts';
import type { CaseId, PhysicianId, TenantId } from '../../../domain/shared/ids.ts';
import type { Language } from '../../../domain/shared/language.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { addCase } from '../cases/add-case.ts';
import { adoptLegacyCase } from '../cases/adopt-legacy.ts';
import { listEvents, listMessages, listReasons } from '../cases/case-history.ts';
import { caseIntake, hasCandidate } from '../cases/case-intake.ts';
import { type QueueReader, queueOfPhysician, queueOfTenant } from '../cases/case-queue.ts';
import { findByReceipt, spendReceipts } from '../cases/case-receipts.ts';
import { lockOpenCases } from '../cases/open-cases.ts';
import { saveCase } from '../cases/save-case.ts';
import { type CaseLookup, findCase, listCases, readLegacyQuestion } from '../cases/scoped-cases.ts';
import { LegacyCases } from '../legacy/legacy-cases.ts';
import type { LegacyRowColumns } from '../legacy/legacy-row-columns.ts';
import type { Statements } from '../statements.ts';

/** The cases of one tenant, in PostgreSQL. */
export class PostgresCaseStore implements CaseStore {
  readonly #statements: Statements;
  readonly #tenantId: TenantId;
  readonly #legacyRowColumns: LegacyRowColumns;
  readonly #legacyCases: LegacyCases;

  /** @param legacyCases those of an installation that lists no vendors, unless told */
  constructor(
    statements: Statements,
    tenantId: TenantId,
    legacyRowColumns: LegacyRowColumns,
    legacyCases = new LegacyCases(),
  ) {
    this.#statements = statements;
    this.#tenantId = tenantId;
    this.#legacyRowColumns = legacyRowColumns;
    this.#legacyCases = legacyCases;
  }

  async intake(
    language: Language,
    vendor: Pick<Vendor, 'tenant' | 'privatePool'>,
  ): Promise<CaseIntake | null> {
    return caseIntake(this.#statements, this.#tenantId, language, vendor);
  }

  async hasCandidate(routed: Routed): Promise<boolean> {
    assertOwnTenant(this.#tenantId, routed);
    return hasCandidate(this.#statements, routed);
  }

  async add(submission: SubmittedCase): Promise<void> {
    assertOwnTenant(this.#tenantId, submission.submitted);
    assertOwnTenant(this.#tenantId, submission.audit);
    await addCase(this.#statements, this.#tenantId, this.#legacyRowColumns, submission);
  }

  async save(change: CaseChange): Promise<boolean> {
    assertOwnTenant(this.#tenantId, change.after);
    assertOwnTenant(this.#tenantId, change.audit);
    return saveCase(this.#statements, this.#tenantId, change);
  }

  async adoptLegacy(adopted: AdoptedLegacyCase): Promise<boolean> {
    assertOwnTenant(this.#tenantId, adopted.after);
    assertOwnTenant(this.#tenantId, adopted.audit);
    return adoptLegacyCase(this.#statements, this.#tenantId, adopted);
  }

  async find(id: CaseId, scope: CaseScope): Promise<Case | null> {
    return findCase(this.#lookup, id, scope);
  }

  async list(scope: ListedScope, filter: CaseFilter, request: PageRequest): Promise<Page<Case>> {
    return listCases(this.#lookup, scope, { filter, request });
  }

  async readLegacyQuestion(id: CaseId, scope: ListedScope): Promise<string | null> {
    return readLegacyQuestion(this.#lookup, id, scope);
  }

  async queueFor(physician: QueueReader, request: QueueRequest): Promise<QueuePage> {
    return queueOfPhysician(this.#statements, this.#tenantId, physician, request);
  }

  async queue(request: QueueRequest): Promise<QueuePage> {
    return queueOfTenant(this.#statements, this.#tenantId, request);
  }

  async lockOpenOf(physicianId: PhysicianId): Promise<readonly Case[]> {
    return lockOpenCases(this.#statements, this.#tenantId, physicianId);
  }

  async listMessages(id: CaseId): Promise<readonly SealedMessage[]> {
    return listMessages(this.#statements, this.#tenantId, id);
  }

  async listReasons(id: CaseId): Promise<readonly SealedReason[]> {
    return listReasons(this.#statements, this.#tenantId, id);
  }

  async listEvents(id: CaseId, request: PageRequest): Promise<Page<CaseEvent>> {
    return listEvents(this.#statements, this.#tenantId, id, request);
  }

  async findByReceipt(hash: Uint8Array, now: Date): Promise<Case | null> {
    return findByReceipt(this.#statements, this.#tenantId, hash, now);
  }

  async spendReceipts(hashes: readonly Uint8Array[], now: Date): Promise<readonly CaseId[]> {
    return spendReceipts(this.#statements, this.#tenantId, hashes, now);
  }

  get #lookup(): CaseLookup {
    return { statements: this.#statements, tenantId: this.#tenantId, legacyCases: this.#legacyCases };
  }
}
