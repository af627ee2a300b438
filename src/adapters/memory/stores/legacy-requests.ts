import type { LegacyLookup, LegacyRequests } from '../../../application/ports/legacy/legacy-requests.ts';
import { identifiersOf, type LegacyRecord, recordOf } from '../../../domain/legacy/legacy-record.ts';
import { indexableRows } from '../indexable-rows.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The requests of the legacy service, in memory: few enough that each is looked at. */
export class MemoryLegacyRequests implements LegacyRequests {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async findByIdentifier({
    kind,
    normal,
    vendorId,
    vendorKind,
  }: LegacyLookup): Promise<readonly LegacyRecord[]> {
    const rows = await this.#access.read(indexableRows);
    return rows
      .filter((row) => row.vendorId === vendorId)
      .filter((row) =>
        identifiersOf(row, vendorKind).some((own) => own.kind === kind && own.normal === normal),
      )
      .map(recordOf);
  }
}
