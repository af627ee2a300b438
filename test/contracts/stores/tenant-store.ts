import { expect } from 'chai';
import { DEFAULT_TENANT_ID, DEFAULT_TENANT_SLUG } from '../../../src/domain/shared/ids.ts';
import { SlugTaken, TenantConflict } from '../../../src/domain/tenancy/errors.ts';
import { changeTenant, type Tenant } from '../../../src/domain/tenancy/tenant.ts';
import { at, newId, newTenant, plantTenant } from './fixtures.ts';
import { atOnceSettled, everyPage, inOrder, refusalOf, undo } from './expectations.ts';
import type { OpenWorld, StoreWorld } from './store-world.ts';

type World = Pick<StoreWorld, 'unitOfWork'>;

const tenantsOf = ({ unitOfWork }: World) => unitOfWork.stores(DEFAULT_TENANT_ID).tenants;

/** What every `TenantStore` keeps. */
export function tenantStoreContract(name: string, open: OpenWorld<keyof World>): void {
  describe(`${name} as a TenantStore`, () => {
    findingContract(open);
    savingContract(open);
  });
}

function findingContract(open: OpenWorld<keyof World>): void {
  it('has the default tenant from the start', async () => {
    const tenants = tenantsOf(await open());
    const byId = await tenants.find(DEFAULT_TENANT_ID);
    expect(byId).to.include({ id: DEFAULT_TENANT_ID, slug: DEFAULT_TENANT_SLUG });
    expect(await tenants.findBySlug(DEFAULT_TENANT_SLUG)).to.deep.equal(byId);
  });

  it('gives back exactly what was added, by id and by slug', async () => {
    const tenants = tenantsOf(await open());
    const full = newTenant({
      name: 'Kupat “Holim” ☂',
      privatePool: 'north',
      allowOverflow: true,
      quotas: { requestsPerDay: 1000, userRequestsPerDay: 5 },
      passwordPolicy: { minLength: 15 },
      dueHours: { asap: 1, urgent: 48, routine: 8760 },
      mfaRequired: true,
    });
    for (const tenant of [full, newTenant()]) {
      await tenants.add(tenant);
      expect(await tenants.find(tenant.id)).to.deep.equal(tenant);
      expect(await tenants.findBySlug(tenant.slug)).to.deep.equal(tenant);
    }
  });

  it('finds nothing where there is no such tenant', async () => {
    const tenants = tenantsOf(await open());
    expect(await tenants.find(newId())).to.equal(null);
    expect(await tenants.findBySlug(newTenant().slug)).to.equal(null);
  });

  it('gives every tenant once, newest first', async () => {
    const tenants = tenantsOf(await open());
    const added: Tenant[] = [];
    for (const seconds of [0, 0, 1, 2]) {
      const tenant = newTenant({ createdAt: at(seconds) });
      await tenants.add(tenant);
      added.push(tenant);
    }
    const ids = new Set(added.map(({ id }) => id));
    for (const limit of [3, 100]) {
      const listed = await everyPage((request) => tenants.list(request), limit);
      expect(listed.filter(({ id }) => ids.has(id))).to.deep.equal(inOrder(added));
      expect(listed.map(({ id }) => id)).to.include(DEFAULT_TENANT_ID);
    }
  });

  it('gives a slug to one of many who ask for it at once', async () => {
    const tenants = tenantsOf(await open());
    const { slug } = newTenant();
    const { done, refused } = await atOnceSettled(10, () => tenants.add(newTenant({ slug })));
    expect(done).to.have.length(1);
    expect(refused.every((refusal) => refusal instanceof SlugTaken)).to.equal(true);
  });

  it('keeps no tenant of a unit of work that failed', async () => {
    const world = await open();
    const tenant = newTenant();
    await undo(world, DEFAULT_TENANT_ID, ({ tenants }) => tenants.add(tenant));
    expect(await tenantsOf(world).find(tenant.id)).to.equal(null);
  });
}

function savingContract(open: OpenWorld<keyof World>): void {
  it('replaces all that may change', async () => {
    const world = await open();
    const changed = changeTenant(await plantTenant(world), {
      name: 'Another name',
      privatePool: 'south',
      allowOverflow: true,
      quotas: { requestsPerDay: null, userRequestsPerDay: 7 },
      passwordPolicy: { minLength: 12 },
      dueHours: { asap: 2, urgent: 6, routine: 6 },
      mfaRequired: true,
    });
    await tenantsOf(world).save(changed);
    expect(await tenantsOf(world).find(changed.id)).to.deep.equal(changed);
  });

  it('refuses a stale version and an unknown tenant', async () => {
    const world = await open();
    const tenant = await plantTenant(world);
    const saved = changeTenant(tenant, { name: 'First' });
    await tenantsOf(world).save(saved);
    await refusalOf(TenantConflict, tenantsOf(world).save(changeTenant(tenant, { name: 'Second' })));
    await refusalOf(TenantConflict, tenantsOf(world).save(changeTenant(newTenant(), { name: 'Nobody' })));
    expect(await tenantsOf(world).find(tenant.id)).to.deep.equal(saved);
  });

  it('keeps one of many changes made at once', async () => {
    const world = await open();
    const tenant = await plantTenant(world);
    const { done, refused } = await atOnceSettled(10, async (index) => {
      const changed = changeTenant(tenant, { name: `Name ${String(index)}` });
      await tenantsOf(world).save(changed);
      return changed;
    });
    expect(done).to.have.length(1);
    expect(refused.every((refusal) => refusal instanceof TenantConflict)).to.equal(true);
    expect(await tenantsOf(world).find(tenant.id)).to.deep.equal(done[0]);
  });
}
