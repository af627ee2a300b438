import { expect } from 'chai';
import { newEmail, newTenant, plantTenant, plantUser } from './fixtures.ts';
import type { OpenWorld } from './store-world.ts';

/** What every `AccountDirectory` keeps. */
export function accountDirectoryContract(
  name: string,
  open: OpenWorld<'unitOfWork' | 'accountDirectory'>,
): void {
  describe(`${name} as an AccountDirectory`, () => {
    it('finds tenant and account, in whatever case the address was stored', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const user = await plantUser(world, { tenantId: tenant.id, email: 'Zoë.Levi@Example.org' });
      const found = await world.accountDirectory.find(tenant.slug, 'zoë.levi@example.org');
      expect(found).to.deep.equal({ tenant, user });
    });

    it('finds the tenant alone where it has no such account', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const stranger = await plantUser(world);
      for (const email of [newEmail(), stranger.email]) {
        expect(await world.accountDirectory.find(tenant.slug, email)).to.deep.equal({ tenant, user: null });
      }
    });

    it('finds nothing where there is no such tenant', async () => {
      const world = await open();
      const { email } = await plantUser(world);
      const found = await world.accountDirectory.find(newTenant().slug, email);
      expect(found).to.deep.equal({ tenant: null, user: null });
    });

    it('finds disabled accounts too, for the caller to judge', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const user = await plantUser(world, { tenantId: tenant.id, isActive: false, passwordHash: null });
      expect(await world.accountDirectory.find(tenant.slug, user.email)).to.deep.equal({ tenant, user });
    });
  });
}
