import { expect } from 'chai';
import { plantPhysician, plantTenant, plantUser } from './fixtures.ts';
import type { OpenWorld } from './store-world.ts';

/** What every `PhysicianStore` keeps. */
export function physicianStoreContract(name: string, open: OpenWorld<'unitOfWork' | 'plantPhysician'>): void {
  describe(`${name} as a PhysicianStore`, () => {
    it('gives back exactly the physician behind a user', async () => {
      const world = await open();
      const { id: tenantId } = await plantTenant(world);
      const given = {
        languages: ['he', 'en', 'ru'],
        privatePool: 'north',
        vacationMode: true,
        maxOpenCases: 3,
      };
      for (const physician of [
        await plantPhysician(world, tenantId),
        await plantPhysician(world, tenantId, given),
      ]) {
        const { physicians } = world.unitOfWork.stores(tenantId);
        expect(await physicians.findByUser(physician.userId)).to.deep.equal(physician);
      }
    });

    it('finds nothing behind a user who is no physician', async () => {
      const world = await open();
      const user = await plantUser(world);
      const { physicians } = world.unitOfWork.stores(user.tenantId);
      expect(await physicians.findByUser(user.id)).to.equal(null);
    });

    it('shows nobody the physicians of another tenant', async () => {
      const world = await open();
      const physician = await plantPhysician(world, (await plantTenant(world)).id);
      const other = await plantTenant(world);
      const { physicians } = world.unitOfWork.stores(other.id);
      expect(await physicians.findByUser(physician.userId)).to.equal(null);
    });
  });
}
