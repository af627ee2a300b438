import { expect } from 'chai';
import type { DataKeyRotation } from '../../../src/application/ports/security/data-key-rotation.ts';
import type { KeyProvider } from '../../../src/application/ports/security/key-provider.ts';
import { at, newEntry, NOW } from '../stores/fixtures.ts';
import type { KeyProviderFixture } from './key-provider-contract.ts';

/** A rotation with the provider whose keys it replaces, and two tenants that exist. No tenant has a key yet. */
export interface DataKeyRotationFixture extends KeyProviderFixture {
  readonly dataKeyRotation: DataKeyRotation;
}

/** What every rotation of data keys does. */
export function dataKeyRotationContract(
  name: string,
  make: () => DataKeyRotationFixture | Promise<DataKeyRotationFixture>,
): void {
  describe(`${name} as a rotation of data keys`, () => {
    let keyProvider: KeyProvider;
    let dataKeyRotation: DataKeyRotation;
    let tenantId: string;
    let otherTenantId: string;

    beforeEach(async () => {
      ({ keyProvider, dataKeyRotation, tenantId, otherTenantId } = await make());
    });

    const rotate = (now = NOW) => dataKeyRotation.rotate(now, newEntry(tenantId));

    it('gives each tenant that has a key a new one, and keeps the former one for what it sealed', async () => {
      const former = [await keyProvider.currentKey(tenantId), await keyProvider.currentKey(otherTenantId)];
      expect(await rotate()).to.equal(2);
      const current = [await keyProvider.currentKey(tenantId), await keyProvider.currentKey(otherTenantId)];
      const all = [...former, ...current];
      expect(new Set(all.map(({ id }) => id)).size).to.equal(4);
      expect(new Set(all.map(({ key }) => Buffer.from(key).toString('hex'))).size).to.equal(4);
      expect(await keyProvider.keyById(tenantId, former[0]!.id)).to.deep.equal(former[0]);
      expect(await keyProvider.keyById(otherTenantId, former[1]!.id)).to.deep.equal(former[1]);
    });

    it('gives nothing to a tenant that has no key', async () => {
      expect(await rotate()).to.equal(0);
      await keyProvider.currentKey(tenantId);
      expect(await rotate()).to.equal(1);
    });

    it('lets one of several who rotate at once do it', async () => {
      await keyProvider.currentKey(tenantId);
      const done = await Promise.all([rotate(), rotate(), rotate(), rotate()]);
      const replaced = done.reduce((sum, count) => sum + count);
      expect(replaced).to.equal((await dataKeyRotation.listRetiredBefore(at(1))).length);
      expect(replaced).to.be.at.least(1);
    });

    it('lists retired keys, the first one first', async () => {
      const first = await keyProvider.currentKey(tenantId);
      await rotate();
      const second = await keyProvider.currentKey(tenantId);
      await rotate(at(60));
      expect(await dataKeyRotation.listRetiredBefore(NOW)).to.deep.equal([]);
      expect(await dataKeyRotation.listRetiredBefore(at(61))).to.deep.equal([
        { id: first.id, tenantId },
        { id: second.id, tenantId },
      ]);
    });

    it('tells when a key was retired last, and none where none was', async () => {
      await keyProvider.currentKey(tenantId);
      expect(await dataKeyRotation.lastRetirement()).to.equal(null);
      await rotate(at(60));
      await rotate(at(61));
      expect(await dataKeyRotation.lastRetirement()).to.deep.equal(at(61));
    });

    it('destroys a retired key, and none that is current or that another tenant has', async () => {
      const { id } = await keyProvider.currentKey(tenantId);
      await rotate();
      const current = await keyProvider.currentKey(tenantId);
      const destroy = (key: { id: string; tenantId: string }) =>
        dataKeyRotation.destroy(key, newEntry(tenantId));
      expect(await destroy({ id, tenantId: otherTenantId })).to.equal(false);
      expect(await destroy({ id: current.id, tenantId })).to.equal(false);
      expect(await keyProvider.keyById(tenantId, id)).to.not.equal(null);
      expect(await destroy({ id, tenantId })).to.equal(true);
      expect(await destroy({ id, tenantId })).to.equal(false);
      expect(await keyProvider.keyById(tenantId, id)).to.equal(null);
      expect(await keyProvider.keyById(tenantId, current.id)).to.deep.equal(current);
    });
  });
}
