import { vendorStatementsContract } from '../../contracts/legacy/vendor-statements-contract.ts';
import { MemoryVendorStatements } from '../../support/memory/memory-vendor-statements.ts';

vendorStatementsContract('MemoryVendorStatements', () => {
  const vendorStatements = new MemoryVendorStatements();
  for (const vendorId of ['north', 'south']) vendorStatements.admit(vendorId);
  return {
    vendorStatements,
    issue: (stated) => vendorStatements.issue(stated),
    interrupt: () => vendorStatements.fail(),
  };
});
