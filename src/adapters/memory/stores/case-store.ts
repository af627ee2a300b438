import type { VendorDirectory } from '../../../application/ports/legacy/vendor-directory.ts';
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
import { Unauthenticated } from '../../../domain/access/errors.ts';
import type { Case, LegacyCase } from '../../../domain/cases/case.ts';
import type { CaseEvent } from '../../../domain/cases/case-event.ts';
import { answersIn, reaches, type Routed, sharesPool } from '../../../domain/cases/eligibility.ts';
import type { CaseIntake } from '../../../domain/cases/submit-case.ts';
import { soughtSources } from '../../../domain/cases/sought-sources.ts';
import type { CaseScope, ListedScope } from '../../../domain/cases/visibility.ts';
import { NO_VENDORS } from '../../../domain/legacy/no-vendors.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { Vendor } from '../../../domain/legacy/vendor.ts';
import type { CaseId, PhysicianId, TenantId } from '../../../domain/shared/ids.ts';
import type { Language } from '../../../domain/shared/language.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { adoptLegacyCase } from '../cases/adopt-legacy.ts';
import { openCasesOf } from '../cases/assignable-of.ts';
import { eventPage, messagesOf, reasonsOf } from '../cases/case-history.ts';
import { hasCandidate } from '../cases/has-candidate.ts';
import { isWithin } from '../cases/is-within.ts';
import { legacyCasesWithin } from '../cases/legacy-cases.ts';
import { queuePage } from '../cases/queue-page.ts';
import { caseOfReceipt, spendReceipts } from '../cases/receipts.ts';
import { saveCase, setCase } from '../cases/save-case.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { INSTALLATION_KEY, octetKey, type ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser, ownedBy } from '../own-tenant.ts';

/** The cases of one tenant, in memory. */
export class MemoryCaseStore implements CaseStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;
  readonly #vendors: VendorDirectory;

  /** @param vendors whose legacy cases are which tenant's; none is listed unless told */
  constructor(access: MemoryAccess, tenantId: TenantId, vendors: VendorDirectory = NO_VENDORS) {
    this.#access = access;
    this.#tenantId = tenantId;
    this.#vendors = vendors;
  }

  async intake(
    language: Language,
    vendor: Pick<Vendor, 'tenant' | 'privatePool'>,
  ): Promise<CaseIntake | null> {
    return this.#access.read((tables) => {
      const tenant = tables.tenants.get(this.#tenantId);
      if (!tenant) return null;
      const { id: tenantId, dueHours } = tenant;
      const vendorsPool = vendor.tenant === tenant.slug ? vendor.privatePool : null;
      const pool = vendorsPool ?? tenant.privatePool;
      return {
        pool,
        dueHours,
        hasCandidate: hasCandidate(tables, { tenantId, pool, patientId: null, language, flags: [] }),
      };
    });
  }

  async hasCandidate(routed: Routed): Promise<boolean> {
    assertOwnTenant(this.#tenantId, routed);
    return this.#access.read((tables) => hasCandidate(tables, routed));
  }

  async add({ submitted, question, event, audit, receipt }: SubmittedCase): Promise<void> {
    assertOwnTenant(this.#tenantId, submitted);
    assertOwnTenant(this.#tenantId, audit);
    await this.#access.write((tables) => {
      if (submitted.patientId !== null) assertOwnUser(tables, this.#tenantId, submitted.patientId);
      else if (!tables.installation.get(INSTALLATION_KEY)?.anonymousCases) throw new Unauthenticated();
      assertOwnKey(tables, this.#tenantId, question.body.keyId);
      tables.cases.add(submitted.id, submitted);
      setCase(tables, submitted);
      tables.caseMessages.add(question.id, question);
      tables.caseEvents.add(event.id, event);
      tables.auditEntries.add(audit.id, audit);
      if (receipt) {
        const { hash, expiresAt } = receipt;
        tables.caseReceipts.add(octetKey(hash), { caseId: submitted.id, expiresAt, spentAt: null });
      }
    });
  }

  async save(change: CaseChange): Promise<boolean> {
    assertOwnTenant(this.#tenantId, change.after);
    assertOwnTenant(this.#tenantId, change.audit);
    return this.#access.write((tables) => saveCase(tables, this.#tenantId, change));
  }

  async adoptLegacy(adopted: AdoptedLegacyCase): Promise<boolean> {
    assertOwnTenant(this.#tenantId, adopted.after);
    assertOwnTenant(this.#tenantId, adopted.audit);
    return this.#access.write((tables) => adoptLegacyCase(tables, this.#tenantId, adopted));
  }

  async find(id: CaseId, scope: CaseScope): Promise<Case | null> {
    return this.#access.read((tables) => {
      const found = tables.cases.get(id);
      if (found) return isWithin(tables, this.#tenantId, scope, found) ? found : null;
      return this.#legacyCases(tables, scope).find((row) => row.id === id) ?? null;
    });
  }

  async list(scope: ListedScope, filter: CaseFilter, request: PageRequest): Promise<Page<Case>> {
    return this.#access.read((tables) =>
      keysetPage(
        this.#seen(tables, scope).filter((row) => passes(filter, row)),
        request,
      ),
    );
  }

  async readLegacyQuestion(id: CaseId, scope: ListedScope): Promise<string | null> {
    return this.#access.read((tables) => {
      const isSeen = this.#legacyCases(tables, scope).some((row) => row.id === id);
      return isSeen ? (tables.legacyRequests.get(id)?.question ?? null) : null;
    });
  }

  async queueFor(
    physician: Pick<Physician, 'userId' | 'privatePool' | 'languages'>,
    request: QueueRequest,
  ): Promise<QueuePage> {
    return this.#access.read((tables) => {
      const takeable = [...tables.cases.values()].filter(
        (row) =>
          reaches(this.#tenantId, row.tenantId) &&
          row.patientId !== physician.userId &&
          sharesPool(row, physician) &&
          answersIn(physician.languages, row.language),
      );
      return queuePage(takeable, request);
    });
  }

  async queue(request: QueueRequest): Promise<QueuePage> {
    return this.#access.read((tables) =>
      queuePage(
        [...tables.cases.values()].filter(({ tenantId }) => tenantId === this.#tenantId),
        request,
      ),
    );
  }

  async lockOpenOf(physicianId: PhysicianId): Promise<readonly Case[]> {
    // Whoever changes one of them meanwhile makes this unit of work run again, so there is nothing to lock.
    return this.#access.read((tables) =>
      ownedBy(this.#tenantId, tables.physicians.get(physicianId))
        ? [...openCasesOf(tables, physicianId)].sort(oldestFirst)
        : [],
    );
  }

  async listMessages(id: CaseId): Promise<readonly SealedMessage[]> {
    return this.#ofOwn(id, messagesOf, []);
  }

  async listReasons(id: CaseId): Promise<readonly SealedReason[]> {
    return this.#ofOwn(id, reasonsOf, []);
  }

  async listEvents(id: CaseId, request: PageRequest): Promise<Page<CaseEvent>> {
    return this.#ofOwn(id, (tables) => eventPage(tables, id, request), { items: [], next: null });
  }

  async findByReceipt(hash: Uint8Array, now: Date): Promise<Case | null> {
    return this.#access.read((tables) => caseOfReceipt(tables, this.#tenantId, hash, now));
  }

  async spendReceipts(hashes: readonly Uint8Array[], now: Date): Promise<readonly CaseId[]> {
    return this.#access.write((tables) => spendReceipts(tables, this.#tenantId, hashes, now));
  }

  #seen(tables: ReadonlyMemoryTables, scope: CaseScope): readonly Case[] {
    const own = [...tables.cases.values()].filter((row) => isWithin(tables, this.#tenantId, scope, row));
    return [...own, ...this.#legacyCases(tables, scope)];
  }

  #legacyCases(tables: ReadonlyMemoryTables, scope: CaseScope): readonly LegacyCase[] {
    return legacyCasesWithin(tables, { tenantId: this.#tenantId, scope, vendors: this.#vendors });
  }

  /** What is known of a case, where it is the tenant's; otherwise `nothing`. */
  #ofOwn<T>(id: CaseId, read: (tables: ReadonlyMemoryTables, id: CaseId) => T, nothing: T): Promise<T> {
    return this.#access.read((tables) =>
      ownedBy(this.#tenantId, tables.cases.get(id)) ? read(tables, id) : nothing,
    );
  }
}

const passes = (filter: CaseFilter, row: Case): boolean =>
  soughtSources(filter)[row.state === 'legacy' ? 'legacy' : 'casegate'] &&
  (filter.state === null || row.state === filter.state) &&
  (filter.language === null || row.language === filter.language);

const oldestFirst = (a: Case, b: Case): number =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
