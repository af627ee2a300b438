import { expect } from 'chai';
import { NO_FACTORS } from '../../../src/domain/access/second-factor.ts';
import { newSealed, plantPasskey, plantTotp } from './access-fixtures.ts';
import { newEmail, newHash, newTenant, NOW, plantTenant, plantUser } from './fixtures.ts';
import type { OpenWorld } from './store-world.ts';

/** What every `AccountDirectory` keeps. */
export function accountDirectoryContract(
  name: string,
  open: OpenWorld<'unitOfWork' | 'accountDirectory' | 'dataKeyStore'>,
): void {
  describe(`${name} as an AccountDirectory`, () => {
    it('finds tenant and account, in whatever case the address was stored', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const user = await plantUser(world, { tenantId: tenant.id, email: 'Zoë.Person@Example.org' });
      const found = await world.accountDirectory.find(tenant.slug, 'zoë.person@example.org');
      expect(found).to.deep.equal({ tenant, user, factors: NO_FACTORS });
    });

    it('finds the tenant alone where it has no such account', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const stranger = await plantUser(world);
      for (const email of [newEmail(), stranger.email]) {
        expect(await world.accountDirectory.find(tenant.slug, email)).to.deep.equal({
          tenant,
          user: null,
          factors: NO_FACTORS,
        });
      }
    });

    it('finds nothing where there is no such tenant', async () => {
      const world = await open();
      const { email } = await plantUser(world);
      const found = await world.accountDirectory.find(newTenant().slug, email);
      expect(found).to.deep.equal({ tenant: null, user: null, factors: NO_FACTORS });
    });

    it('finds disabled accounts too, for the caller to judge', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const user = await plantUser(world, { tenantId: tenant.id, isActive: false, passwordHash: null });
      const found = await world.accountDirectory.find(tenant.slug, user.email);
      expect(found).to.deep.equal({ tenant, user, factors: NO_FACTORS });
    });

    it('tells which second factors the account has: those that count, and nobody else’s', async () => {
      const world = await open();
      const tenant = await plantTenant(world);
      const user = await plantUser(world, { tenantId: tenant.id });
      const colleague = await plantUser(world, { tenantId: tenant.id });
      const { keyId } = await plantTotp(world, user);
      const { secondFactors } = world.unitOfWork.stores(tenant.id);
      await secondFactors.replaceRecoveryCodes(user.id, [newHash(), newHash(), newHash()]);
      for (let index = 0; index < 2; index += 1) await plantPasskey(world, user);
      await secondFactors.putPendingTotp(colleague.id, newSealed(keyId), NOW);
      const found = await world.accountDirectory.find(tenant.slug, user.email);
      expect(found).to.deep.equal({ tenant, user, factors: { totp: true, passkeys: 2, recoveryCodes: 3 } });
      const beside = await world.accountDirectory.find(tenant.slug, colleague.email);
      expect(beside).to.deep.equal({ tenant, user: colleague, factors: NO_FACTORS });
    });
  });
}
