import type {
  CaseFilter,
  CaseStore,
  SealedMessage,
  SubmittedCase,
} from '../../../application/ports/stores/case-store.ts';
import { Unauthenticated } from '../../../domain/access/errors.ts';
import type { Case } from '../../../domain/cases/case.ts';
import type { CaseScope } from '../../../domain/cases/visibility.ts';
import type { CaseId, TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { INSTALLATION_KEY, octetKey, type ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser, ownedBy } from '../own-tenant.ts';

/** The cases of one tenant, in memory. */
export class MemoryCaseStore implements CaseStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add({ submitted, question, event, audit, receipt }: SubmittedCase): Promise<void> {
    assertOwnTenant(this.#tenantId, submitted);
    assertOwnTenant(this.#tenantId, audit);
    await this.#access.write((tables) => {
      if (submitted.patientId !== null) assertOwnUser(tables, this.#tenantId, submitted.patientId);
      else if (!tables.installation.get(INSTALLATION_KEY)?.anonymousCases) throw new Unauthenticated();
      assertOwnKey(tables, this.#tenantId, question.body.keyId);
      tables.cases.add(submitted.id, submitted);
      tables.caseMessages.add(question.id, question);
      tables.caseEvents.add(event.id, event);
      tables.auditEntries.add(audit.id, audit);
      if (receipt) {
        const { hash, expiresAt } = receipt;
        tables.caseReceipts.add(octetKey(hash), { caseId: submitted.id, expiresAt });
      }
    });
  }

  async find(id: CaseId, scope: CaseScope): Promise<Case | null> {
    return this.#access.read((tables) => {
      const found = ownedBy(this.#tenantId, tables.cases.get(id));
      return found && isWithin(tables, scope, found) ? found : null;
    });
  }

  async listMessages(id: CaseId): Promise<readonly SealedMessage[]> {
    return this.#access.read((tables) => {
      if (!ownedBy(this.#tenantId, tables.cases.get(id))) return [];
      return [...tables.caseMessages.values()].filter((message) => message.caseId === id).sort(oldestFirst);
    });
  }

  async list(scope: CaseScope, filter: CaseFilter, request: PageRequest): Promise<Page<Case>> {
    return this.#access.read((tables) => {
      const own = [...tables.cases.values()].filter((row) => row.tenantId === this.#tenantId);
      const seen = own.filter((row) => isWithin(tables, scope, row) && passes(filter, row));
      return keysetPage(seen, request);
    });
  }
}

const passes = (filter: CaseFilter, row: Case): boolean =>
  (filter.state === null || row.state === filter.state) &&
  (filter.language === null || row.language === filter.language);

function isWithin(tables: ReadonlyMemoryTables, scope: CaseScope, row: Case): boolean {
  if (scope.kind === 'tenant') return true;
  if (scope.kind === 'patient') return row.patientId === scope.patientId;
  return row.physicianId !== null && tables.physicians.get(row.physicianId)?.userId === scope.userId;
}

const oldestFirst = (a: SealedMessage, b: SealedMessage): number =>
  a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1);
