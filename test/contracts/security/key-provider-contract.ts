import { expect } from 'chai';
import type { KeyProvider } from '../../../src/application/ports/security/key-provider.ts';
import type { TenantId } from '../../../src/domain/shared/ids.ts';

/** A provider, and two tenants that exist and have no key yet. */
export interface KeyProviderFixture {
  readonly keyProvider: KeyProvider;
  readonly tenantId: TenantId;
  readonly otherTenantId: TenantId;
}

const NO_KEY = '01900000-0000-7000-8000-ffffffffffff';

/** What every provider of data keys does. */
export function keyProviderContract(
  name: string,
  make: () => KeyProviderFixture | Promise<KeyProviderFixture>,
): void {
  describe(`${name} as a key provider`, () => {
    let fixture: KeyProviderFixture;

    beforeEach(async () => {
      fixture = await make();
    });

    it('makes a key of 32 octets for a tenant that has none', async () => {
      const { id, key } = await fixture.keyProvider.currentKey(fixture.tenantId);
      expect(id).to.be.a('string').and.not.to.equal('');
      expect(key).to.have.length(32);
    });

    it('gives the same key from then on', async () => {
      const { keyProvider, tenantId } = fixture;
      const first = await keyProvider.currentKey(tenantId);
      expect(await keyProvider.currentKey(tenantId)).to.deep.equal(first);
      expect(await keyProvider.keyById(tenantId, first.id)).to.deep.equal(first);
    });

    it('gives one key to all who ask first at once', async () => {
      const { keyProvider, tenantId } = fixture;
      const keys = await Promise.all(Array.from({ length: 20 }, () => keyProvider.currentKey(tenantId)));
      expect(new Set(keys.map(({ id }) => id))).to.have.property('size', 1);
      expect(new Set(keys.map(({ key }) => Buffer.from(key).toString('hex')))).to.have.property('size', 1);
    });

    it('gives each tenant a key of its own', async () => {
      const { keyProvider, tenantId, otherTenantId } = fixture;
      const [one, other] = [
        await keyProvider.currentKey(tenantId),
        await keyProvider.currentKey(otherTenantId),
      ];
      expect(one.id).to.not.equal(other.id);
      expect(Buffer.from(one.key).equals(other.key)).to.equal(false);
    });

    it('knows no key of another tenant', async () => {
      const { keyProvider, tenantId, otherTenantId } = fixture;
      const { id } = await keyProvider.currentKey(tenantId);
      expect(await keyProvider.keyById(otherTenantId, id)).to.equal(null);
    });

    it('knows no key that was never made', async () => {
      const { keyProvider, tenantId } = fixture;
      expect(await keyProvider.keyById(tenantId, NO_KEY)).to.equal(null);
      await keyProvider.currentKey(tenantId);
      expect(await keyProvider.keyById(tenantId, NO_KEY)).to.equal(null);
    });
  });
}
