import { expect } from 'chai';
import type { VendorDirectory } from '../../../src/application/ports/legacy/vendor-directory.ts';
import type { Vendor } from '../../../src/domain/legacy/vendor.ts';

const NORTH: Vendor = { vendorId: 'north', tenant: 'clinic', privatePool: 'cardio', identifierKind: 'phone' };
const SOUTH: Vendor = { vendorId: 'south', tenant: 'clinic', privatePool: null, identifierKind: null };
const OWN: Vendor = { vendorId: 'own', tenant: 'default', privatePool: 'own', identifierKind: 'national_id' };
const EAST: Vendor = { vendorId: 'east fund', tenant: 'fund', privatePool: null, identifierKind: 'email' };
const VENDORS = [NORTH, SOUTH, OWN, EAST];

/** What every directory of vendors does. @param make one that lists these vendors, each once, by its id in normal form */
export function vendorDirectoryContract(
  name: string,
  make: (vendors: readonly Vendor[]) => VendorDirectory | Promise<VendorDirectory>,
): void {
  describe(`${name} as a directory of vendors`, () => {
    let directory: VendorDirectory;
    beforeEach(async () => {
      directory = await make(VENDORS);
    });

    it('finds a vendor in every spelling of its id', () => {
      for (const spelling of ['north', 'NORTH', ' North ']) {
        expect(directory.find(spelling)).to.deep.equal(NORTH);
      }
      expect(directory.find('East Fund')).to.deep.equal(EAST);
    });

    it('takes one that is not listed for the practice’s own', () => {
      for (const vendorId of ['west', 'constructor', '__proto__', 'eastfund']) {
        const unlisted = { vendorId, tenant: 'default', privatePool: null, identifierKind: null };
        expect(directory.find(` ${vendorId.toUpperCase()} `)).to.deep.equal({
          ...unlisted,
          vendorId: vendorId.toLowerCase(),
        });
      }
    });

    it('takes rows without a vendor for the practice’s own', () => {
      for (const nobody of [null, '', '  ']) {
        expect(directory.find(nobody)).to.deep.equal({
          vendorId: null,
          tenant: 'default',
          privatePool: null,
          identifierKind: null,
        });
      }
    });

    it('gives a tenant the rows of its vendors only', () => {
      expect(directory.scopeOf('clinic')).to.deep.equal({ kind: 'only', vendorIds: ['north', 'south'] });
      expect(directory.scopeOf('fund')).to.deep.equal({ kind: 'only', vendorIds: ['east fund'] });
      expect(directory.scopeOf('other')).to.deep.equal({ kind: 'only', vendorIds: [] });
    });

    it('gives the practice the rows of all vendors that have no other tenant', () => {
      expect(directory.scopeOf('default')).to.deep.equal({
        kind: 'except',
        vendorIds: ['north', 'south', 'east fund'],
      });
    });

    it('lists every vendor', () => {
      expect(directory.list()).to.have.deep.members(VENDORS);
    });

    it('knows nobody where none is listed', async () => {
      const empty = await make([]);
      expect(empty.list()).to.deep.equal([]);
      expect(empty.find('north')).to.include({ vendorId: 'north', tenant: 'default' });
      expect(empty.scopeOf('default')).to.deep.equal({ kind: 'except', vendorIds: [] });
    });
  });
}
