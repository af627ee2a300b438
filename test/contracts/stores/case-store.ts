import { addingCasesContract } from './case-store-adding.ts';
import { adoptingLegacyContract } from './case-store-adopting.ts';
import { caseHistoryContract } from './case-store-history.ts';
import { caseIntakeContract } from './case-store-intake.ts';
import { listingCasesContract } from './case-store-listing.ts';
import { legacyCasesContract } from './case-store-legacy.ts';
import { caseQueueContract } from './case-store-queue.ts';
import { caseReceiptsContract } from './case-store-receipts.ts';
import { savingCasesContract } from './case-store-saving.ts';
import { caseScopesContract } from './case-store-scopes.ts';
import type { OpenWorld } from './store-world.ts';

/** What every `CaseStore` keeps. */
export function caseStoreContract(
  name: string,
  open: OpenWorld<
    | 'unitOfWork'
    | 'dataKeyStore'
    | 'allowAnonymousCases'
    | 'legacyIndex'
    | 'listVendor'
    | 'readAssignment'
    | 'readAudit'
    | 'readEvents'
    | 'readLegacyOwner'
    | 'removeLegacyRequest'
    | 'writeLegacyRequest'
  >,
): void {
  describe(`${name} as a CaseStore`, () => {
    addingCasesContract(open);
    savingCasesContract(open);
    caseHistoryContract(open);
    caseScopesContract(open);
    listingCasesContract(open);
    caseQueueContract(open);
    caseIntakeContract(open);
    caseReceiptsContract(open);
    legacyCasesContract(open);
    adoptingLegacyContract(open);
  });
}
