import { expect } from 'chai';
import type { Physician } from '../../../src/domain/identity/physician.ts';
import type { User } from '../../../src/domain/identity/user.ts';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../../src/domain/shared/ids.ts';
import { DEFAULT_DUE_HOURS } from '../../../src/domain/tenancy/tenant.ts';
import { casesOf, newLanguage, newPool } from './case-fixtures.ts';
import { failureOf } from './expectations.ts';
import { newId, newPhysician, newTenant, plantTenant, plantUser } from './fixtures.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork'>;

/** A case that names no vendor, as the directory of vendors tells of it. */
const NO_VENDOR = { tenant: DEFAULT_TENANT_SLUG, privatePool: null };

/** Stores a physician with an account that is like this. */
async function plant(
  world: World,
  tenantId: string,
  given: Partial<Physician>,
  user: Partial<User> = {},
): Promise<void> {
  const account = await plantUser(world, { tenantId, role: 'physician', ...user });
  await world.unitOfWork.stores(tenantId).physicians.add(newPhysician(account, given));
}

/** What every `CaseStore` tells of where a new case comes. */
export function caseIntakeContract(open: OpenWorld<keyof World>): void {
  describe('intake', () => {
    intakeContract(open);
    candidatesContract(open);
  });
}

function intakeContract(open: OpenWorld<keyof World>): void {
  it("tells the tenant's pool and due times, and whether somebody of that pool is there", async () => {
    const world = await open();
    const [language, privatePool] = [newLanguage(), newPool()];
    const tenant = newTenant({ privatePool, dueHours: { asap: 1, urgent: 2, routine: 3 } });
    await world.unitOfWork.stores(DEFAULT_TENANT_ID).tenants.add(tenant);
    const expected = { pool: privatePool, dueHours: tenant.dueHours, hasCandidate: false };
    const cases = casesOf(world, tenant.id);
    expect(await cases.intake(language, NO_VENDOR)).to.deep.equal(expected);
    await plant(world, tenant.id, { languages: [language] });
    expect(await cases.intake(language, NO_VENDOR)).to.deep.equal(expected);
    await plant(world, tenant.id, { languages: [language], privatePool });
    expect(await cases.intake(language, NO_VENDOR)).to.deep.equal({ ...expected, hasCandidate: true });
  });

  it('sends the cases of a tenant without a pool to the shared physicians', async () => {
    const world = await open();
    const language = newLanguage();
    const { id: tenantId } = await plantTenant(world);
    const cases = casesOf(world, tenantId);
    const expected = { pool: null, dueHours: DEFAULT_DUE_HOURS, hasCandidate: false };
    await plant(world, tenantId, { languages: [language], privatePool: newPool() });
    expect(await cases.intake(language, NO_VENDOR)).to.deep.equal(expected);
    await plant(world, tenantId, { languages: ['he', language] });
    expect(await cases.intake(language, NO_VENDOR)).to.deep.equal({ ...expected, hasCandidate: true });
  });

  it("sends a vendor's cases to the vendor's pool, where the vendor belongs to the tenant and has one", async () => {
    const world = await open();
    const [language, privatePool, vendorsPool] = [newLanguage(), newPool(), newPool()];
    const tenant = newTenant({ privatePool });
    await world.unitOfWork.stores(DEFAULT_TENANT_ID).tenants.add(tenant);
    const cases = casesOf(world, tenant.id);
    const own = { pool: privatePool, dueHours: DEFAULT_DUE_HOURS, hasCandidate: true };
    await plant(world, tenant.id, { languages: [language], privatePool });
    const vendor = { tenant: tenant.slug, privatePool: vendorsPool };
    const expected = { ...own, pool: vendorsPool, hasCandidate: false };
    expect(await cases.intake(language, vendor)).to.deep.equal(expected);
    await plant(world, tenant.id, { languages: [language], privatePool: vendorsPool });
    expect(await cases.intake(language, vendor)).to.deep.equal({ ...expected, hasCandidate: true });
    expect(await cases.intake(language, { ...vendor, privatePool: null })).to.deep.equal(own);
    expect(await cases.intake(language, { ...vendor, tenant: newTenant().slug })).to.deep.equal(own);
  });

  it("sends a vendor's cases to the vendor's pool also where the tenant has none", async () => {
    const world = await open();
    const [language, privatePool] = [newLanguage(), newPool()];
    const tenant = await plantTenant(world);
    const vendor = { tenant: tenant.slug, privatePool };
    const expected = { pool: privatePool, dueHours: DEFAULT_DUE_HOURS, hasCandidate: false };
    await plant(world, tenant.id, { languages: [language] });
    expect(await casesOf(world, tenant.id).intake(language, vendor)).to.deep.equal(expected);
  });

  it('finds nothing where there is no such tenant', async () => {
    const world = await open();
    expect(await casesOf(world, newId()).intake('en', NO_VENDOR)).to.equal(null);
  });
}

function candidatesContract(open: OpenWorld<keyof World>): void {
  it('counts nobody who is away, or of another role, or another tenant, or who does not answer in the language', async () => {
    const world = await open();
    const language = newLanguage();
    const { id: tenantId } = await plantTenant(world);
    const other = await plantTenant(world);
    await plant(world, tenantId, { languages: [language], vacationMode: true });
    await plant(world, tenantId, { languages: [language] }, { isActive: false });
    await plant(world, tenantId, { languages: [language] }, { role: 'admin' });
    await plant(world, tenantId, { languages: [newLanguage(), `${language}-GB`] });
    await plant(world, other.id, { languages: [language] });
    const routed = { tenantId, patientId: null, pool: null, language, flags: [] };
    const { cases } = world.unitOfWork.stores(tenantId);
    expect(await cases.hasCandidate(routed)).to.equal(false);
    expect(await cases.hasCandidate({ ...routed, language: `${language}-GB` })).to.equal(true);
    await plant(world, tenantId, { languages: [language] });
    expect(await cases.hasCandidate(routed)).to.equal(true);
  });

  it('counts the physicians of the practice for every tenant, and a language for its regions', async () => {
    const world = await open();
    const language = newLanguage();
    const { id: tenantId } = await plantTenant(world);
    const { cases } = world.unitOfWork.stores(tenantId);
    const routed = { tenantId, patientId: null, pool: null, language: `${language}-GB`, flags: [] };
    expect(await cases.hasCandidate(routed)).to.equal(false);
    await plant(world, DEFAULT_TENANT_ID, { languages: [language] });
    expect(await cases.hasCandidate(routed)).to.equal(true);
    expect((await cases.intake(language, NO_VENDOR))?.hasCandidate).to.equal(true);
  });

  it('counts the shared physicians for a case of a private pool only where it has overflowed', async () => {
    const world = await open();
    const [language, pool] = [newLanguage(), newPool()];
    const { id: tenantId } = await plantTenant(world);
    const { cases } = world.unitOfWork.stores(tenantId);
    const routed = { tenantId, patientId: null, pool, language, flags: ['unclaimed'] } as const;
    const overflowed = { ...routed, flags: ['overflow'] } as const;
    await plant(world, tenantId, { languages: [language], privatePool: newPool() });
    expect(await cases.hasCandidate(overflowed)).to.equal(false);
    await plant(world, tenantId, { languages: [language] });
    expect(await cases.hasCandidate(routed)).to.equal(false);
    expect(await cases.hasCandidate(overflowed)).to.equal(true);
  });

  it('is asked about cases of its own tenant only', async () => {
    const world = await open();
    const [own, other] = [await plantTenant(world), await plantTenant(world)];
    const routed = { tenantId: other.id, patientId: null, pool: null, language: 'en', flags: [] };
    await failureOf(world.unitOfWork.stores(own.id).cases.hasCandidate(routed));
  });
}
