import { expect } from 'chai';
import { ConfiguredVendors } from '../../../src/adapters/vendors/configured-vendors.ts';
import type { Vendor } from '../../../src/domain/legacy/vendor.ts';
import { tellMissingTenants } from '../../../src/main/tell-missing-tenants.ts';
import { aVendor } from '../../support/builders.ts';
import { world } from '../../support/world.ts';

const vendor = (vendorId: string, tenant: string): Vendor => aVendor({ vendorId, tenant });

describe('The tenants that vendors belong to', () => {
  const here = world();
  const told = async (...vendors: readonly Vendor[]): Promise<readonly string[]> => {
    const events: string[] = [];
    const { unitOfWork } = here.adapters;
    const vendorDirectory = new ConfiguredVendors(vendors);
    await tellMissingTenants({ unitOfWork, vendorDirectory }, (event) => events.push(event));
    return events;
  };

  it('are told of at the start where they do not exist yet, each once', async () => {
    const tenant = await here.tenant();
    expect(
      await told(
        vendor('a', 'no-fund'),
        vendor('b', tenant.slug),
        vendor('c', 'no-clinic'),
        vendor('d', 'no-fund'),
        vendor('e', 'default'),
      ),
    ).to.deep.equal(['VENDORS names tenants that do not exist yet: no-clinic, no-fund']);
  });

  it('are not mentioned where all exist, and where no vendor is listed', async () => {
    expect(await told(vendor('a', 'default'))).to.deep.equal([]);
    expect(await told()).to.deep.equal([]);
  });
});
