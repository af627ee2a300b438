import { ConfiguredVendors } from '../../../src/adapters/vendors/configured-vendors.ts';
import { vendorDirectoryContract } from '../../contracts/legacy/vendor-directory-contract.ts';

vendorDirectoryContract('ConfiguredVendors', (vendors) => new ConfiguredVendors(vendors));
