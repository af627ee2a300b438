import { ContainerModule } from 'inversify';
import { ApproveLegacyClaim } from '../../application/legacy/approve-legacy-claim.ts';
import { FindVendor } from '../../application/legacy/find-vendor.ts';
import { BackfillLegacyOwners } from '../../application/legacy/backfill-legacy-owners.ts';
import { GrantLegacyLink } from '../../application/legacy/grant-legacy-link.ts';
import { IndexLegacyRequests } from '../../application/legacy/index-legacy-requests.ts';
import { LinkLegacyIdentifier } from '../../application/legacy/link-legacy-identifier.ts';
import { ListLegacyClaims } from '../../application/legacy/list-legacy-claims.ts';
import { ListLegacyLinks } from '../../application/legacy/list-legacy-links.ts';
import { ProveLegacyLink } from '../../application/legacy/prove-legacy-link.ts';
import { ReadLegacyIndexState } from '../../application/legacy/read-legacy-index-state.ts';
import { ReconcileLegacy } from '../../application/legacy/reconcile-legacy.ts';
import { RejectLegacyClaim } from '../../application/legacy/reject-legacy-claim.ts';
import { UndoLegacyBackfill } from '../../application/legacy/undo-legacy-backfill.ts';
import { UnlinkLegacyIdentifier } from '../../application/legacy/unlink-legacy-identifier.ts';
import { provide } from '../token.ts';
import { Tokens } from '../tokens.ts';

const READING = { textCipher: Tokens.textCipher, unitOfWork: Tokens.unitOfWork };
const WRITING = {
  ...READING,
  clock: Tokens.clock,
  idGenerator: Tokens.idGenerator,
  keyedHash: Tokens.keyedHash,
};
const LINKING = {
  ...WRITING,
  legacyLinkDirectory: Tokens.legacyLinkDirectory,
  legacyRequests: Tokens.legacyRequests,
  vendorDirectory: Tokens.vendorDirectory,
};

/** Binds the use cases of feature `legacy`. */
export const legacyModule = new ContainerModule((options) => {
  provide(options, LinkLegacyIdentifier, {
    ...WRITING,
    legacyRequests: Tokens.legacyRequests,
    secretGenerator: Tokens.secretGenerator,
    settings: Tokens.settings,
    vendorDirectory: Tokens.vendorDirectory,
    vendorStatements: Tokens.vendorStatements,
  });
  provide(options, ProveLegacyLink, {
    ...LINKING,
    assertionVerifier: Tokens.assertionVerifier,
    failureCounters: Tokens.failureCounters,
    legacySessions: Tokens.legacySessions,
    legacyTickets: Tokens.legacyTickets,
    settings: Tokens.settings,
    vendorStatements: Tokens.vendorStatements,
  });
  provide(options, IndexLegacyRequests, {
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    keyedHash: Tokens.keyedHash,
    legacyIndex: Tokens.legacyIndex,
    legacyLinkDirectory: Tokens.legacyLinkDirectory,
    legacyRequests: Tokens.legacyRequests,
    unitOfWork: Tokens.unitOfWork,
    vendorDirectory: Tokens.vendorDirectory,
  });
  provide(options, FindVendor, { vendorDirectory: Tokens.vendorDirectory });
  provide(options, ListLegacyLinks, READING);
  provide(options, ListLegacyClaims, { ...READING, vendorDirectory: Tokens.vendorDirectory });
  provide(options, UnlinkLegacyIdentifier, {
    ...WRITING,
    legacyRequests: Tokens.legacyRequests,
    vendorDirectory: Tokens.vendorDirectory,
  });
  provide(options, ApproveLegacyClaim, LINKING);
  provide(options, RejectLegacyClaim, { ...WRITING, vendorDirectory: Tokens.vendorDirectory });
  provide(options, GrantLegacyLink, { ...LINKING, accountDirectory: Tokens.accountDirectory });
  provide(options, BackfillLegacyOwners, { ...LINKING, batchRuns: Tokens.batchRuns });
  provide(options, UndoLegacyBackfill, {
    batchRuns: Tokens.batchRuns,
    clock: Tokens.clock,
    idGenerator: Tokens.idGenerator,
    legacyLinkDirectory: Tokens.legacyLinkDirectory,
    unitOfWork: Tokens.unitOfWork,
  });
  provide(options, ReconcileLegacy, {
    clock: Tokens.clock,
    keyedHash: Tokens.keyedHash,
    legacyIndex: Tokens.legacyIndex,
    legacyLinkDirectory: Tokens.legacyLinkDirectory,
    legacyReconciliation: Tokens.legacyReconciliation,
    legacyRequests: Tokens.legacyRequests,
    unitOfWork: Tokens.unitOfWork,
    vendorDirectory: Tokens.vendorDirectory,
  });
  provide(options, ReadLegacyIndexState, { legacyIndex: Tokens.legacyIndex });
});
