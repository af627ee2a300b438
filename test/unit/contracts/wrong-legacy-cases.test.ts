import { AssertionError, expect } from 'chai';
import type { MemoryAccess } from '../../../src/adapters/memory/memory-access.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryCaseStore } from '../../../src/adapters/memory/stores/case-store.ts';
import type { VendorDirectory } from '../../../src/application/ports/legacy/vendor-directory.ts';
import type {
  AdoptedLegacyCase,
  CaseFilter,
  CaseStore,
} from '../../../src/application/ports/stores/case-store.ts';
import type { Stores, UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { Case } from '../../../src/domain/cases/case.ts';
import { CaseNotAllowedInState } from '../../../src/domain/cases/errors.ts';
import type { CaseScope, ListedScope } from '../../../src/domain/cases/visibility.ts';
import type { CaseId, TenantId } from '../../../src/domain/shared/ids.ts';
import type { Page, PageRequest } from '../../../src/domain/shared/page.ts';
import { checkParallelAdoption } from '../../contracts/stores/case-store-adopting.ts';
import { checkLegacyVisibility } from '../../contracts/stores/case-store-legacy.ts';
import { failureOf } from '../../contracts/stores/expectations.ts';
import { GrowingVendors } from '../../support/growing-vendors.ts';
import { memoryStoreWorld } from '../../support/memory-store-world.ts';

type OpenStore = (database: MemoryAccess, tenantId: TenantId, vendors: VendorDirectory) => CaseStore;

/** A world whose cases are kept by another store. */
function worldWith(open: OpenStore) {
  const database = new MemoryDatabase();
  const vendors = new GrowingVendors();
  const world = memoryStoreWorld(database);
  const storesOf = (stores: Stores, tenantId: TenantId): Stores => ({
    ...stores,
    cases: open(database, tenantId, vendors),
  });
  const unitOfWork: UnitOfWork = {
    stores: (tenantId) => storesOf(world.unitOfWork.stores(tenantId), tenantId),
    run: (tenantId, work) => world.unitOfWork.run(tenantId, work),
  };
  const listVendor: typeof world.listVendor = (vendor) => {
    vendors.add(vendor);
  };
  return { ...world, unitOfWork, listVendor };
}

const plain: OpenStore = (database, tenantId, vendors) => new MemoryCaseStore(database, tenantId, vendors);

/** Looks in the whole tenant for whoever has a scope of this kind. */
class WiderCases extends MemoryCaseStore {
  readonly #kind: CaseScope['kind'];

  constructor(access: MemoryAccess, tenantId: TenantId, vendors: VendorDirectory, kind: CaseScope['kind']) {
    super(access, tenantId, vendors);
    this.#kind = kind;
  }

  override find(id: CaseId, scope: CaseScope): Promise<Case | null> {
    return super.find(id, this.#widened(scope));
  }

  override list(scope: ListedScope, filter: CaseFilter, request: PageRequest): Promise<Page<Case>> {
    return super.list(this.#widened(scope), filter, request);
  }

  override readLegacyQuestion(id: CaseId, scope: ListedScope): Promise<string | null> {
    return super.readLegacyQuestion(id, this.#widened(scope));
  }

  #widened<Scope extends CaseScope>(scope: Scope): Scope | { readonly kind: 'tenant' } {
    return scope.kind === this.#kind ? { kind: 'tenant' } : scope;
  }
}

/** Vendors that are whoever's who asks. */
const everybodys = (vendors: VendorDirectory): VendorDirectory => ({
  find: (vendorId) => vendors.find(vendorId),
  list: () => vendors.list(),
  scopeOf: () => ({ kind: 'except', vendorIds: [] }),
});

/** Looks whether the case has a workflow, and then gives it one. */
class RacyAdoptions extends MemoryCaseStore {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess, tenantId: TenantId, vendors: VendorDirectory) {
    super(access, tenantId, vendors);
    this.#access = access;
  }

  override async adoptLegacy({ after, audit, event, question }: AdoptedLegacyCase): Promise<boolean> {
    const known = await this.#access.read((tables) => tables.cases.get(after.id));
    if (known) throw new CaseNotAllowedInState(known.state);
    await this.#access.write((tables) => {
      tables.cases.set(after.id, after);
      tables.caseEvents.add(event.id, event);
      tables.auditEntries.add(audit.id, audit);
      if (question) tables.caseMessages.add(question.id, question);
    });
    return true;
  }
}

describe('A store of cases that shows legacy cases to the wrong people', () => {
  const wrong: Readonly<Record<string, OpenStore>> = {
    'whose vendors are everybody’s': (database, tenantId, vendors) =>
      new MemoryCaseStore(database, tenantId, everybodys(vendors)),
    'that lets patients see what their tenant sees': (...given) => new WiderCases(...given, 'patient'),
    'that lets physicians see what their tenant sees': (...given) => new WiderCases(...given, 'physician'),
    'that lets physicians take what their tenant sees': (...given) => new WiderCases(...given, 'reach'),
  };

  for (const [name, open] of Object.entries(wrong)) {
    it(`fails the contract ${name}`, async () => {
      expect(await failureOf(checkLegacyVisibility(worldWith(open)))).to.be.instanceOf(AssertionError);
    });
  }

  it('is told from one that does not', async () => {
    await checkLegacyVisibility(worldWith(plain));
  });
});

describe('A store of cases that adopts legacy cases twice', () => {
  it('fails the contract', async () => {
    const racy = worldWith((...given) => new RacyAdoptions(...given));
    expect(await failureOf(checkParallelAdoption(racy))).to.be.instanceOf(AssertionError);
    await checkParallelAdoption(worldWith(plain));
  });
});
