import { expect } from 'chai';
import type { StoredDataKey } from '../../../src/application/ports/stores/data-key-store.ts';
import { newHash, newId, NOW, plantTenant } from './fixtures.ts';
import { atOnce } from './expectations.ts';
import type { OpenWorld } from './store-world.ts';

const newKey = (tenantId: string): StoredDataKey => ({
  id: newId(),
  tenantId,
  wrappedKey: newHash(),
  createdAt: NOW,
});

/** What every `DataKeyStore` keeps. */
export function dataKeyStoreContract(name: string, open: OpenWorld<'unitOfWork' | 'dataKeyStore'>): void {
  describe(`${name} as a DataKeyStore`, () => {
    it('gives back exactly what was added, as the current key and by its id', async () => {
      const world = await open();
      const key = newKey((await plantTenant(world)).id);
      expect(await world.dataKeyStore.addFirst(key)).to.deep.equal(key);
      expect(await world.dataKeyStore.findCurrent(key.tenantId)).to.deep.equal(key);
      expect(await world.dataKeyStore.find(key.tenantId, key.id)).to.deep.equal(key);
    });

    it('finds nothing where the tenant has no key', async () => {
      const world = await open();
      const { id: tenantId } = await plantTenant(world);
      expect(await world.dataKeyStore.findCurrent(tenantId)).to.equal(null);
      expect(await world.dataKeyStore.find(tenantId, newId())).to.equal(null);
    });

    it('shows nobody the keys of another tenant', async () => {
      const world = await open();
      const key = newKey((await plantTenant(world)).id);
      await world.dataKeyStore.addFirst(key);
      const other = await plantTenant(world);
      expect(await world.dataKeyStore.find(other.id, key.id)).to.equal(null);
      expect(await world.dataKeyStore.findCurrent(other.id)).to.equal(null);
    });

    it('gives the key that stands to whoever comes later', async () => {
      const world = await open();
      const key = newKey((await plantTenant(world)).id);
      await world.dataKeyStore.addFirst(key);
      expect(await world.dataKeyStore.addFirst(newKey(key.tenantId))).to.deep.equal(key);
      expect(await world.dataKeyStore.findCurrent(key.tenantId)).to.deep.equal(key);
    });

    it('gives the same key to all of many who bring one at once', async () => {
      const world = await open();
      const { id: tenantId } = await plantTenant(world);
      const standing = await atOnce(20, () => world.dataKeyStore.addFirst(newKey(tenantId)));
      const current = await world.dataKeyStore.findCurrent(tenantId);
      for (const key of standing) expect(key).to.deep.equal(current);
    });
  });
}
