import type { IndexableRow } from '../../application/ports/legacy/legacy-index.ts';
import { legacyLanguage } from '../../domain/cases/legacy-language.ts';
import { normalVendorId } from '../../domain/shared/vendor-id.ts';
import type { ReadonlyMemoryTables } from './memory-tables.ts';

/** What the requests of the legacy service say, in the order of their ids. */
export const indexableRows = (tables: ReadonlyMemoryTables): readonly IndexableRow[] =>
  [...tables.legacyRequests.values()]
    .map(({ caseId, createdAt, identifier, language, ownerId, userId, vendorId }) => ({
      ...{ caseId, createdAt, identifier, ownerId, userId },
      language: legacyLanguage(language),
      vendorId: normalVendorId(vendorId),
    }))
    .sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
