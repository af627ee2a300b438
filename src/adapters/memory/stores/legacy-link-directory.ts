import type { LegacyLinkDirectory } from '../../../application/ports/stores/legacy-link-directory.ts';
import type { StoredLink } from '../../../application/ports/stores/legacy-link-store.ts';
import type { LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { BatchRunId, LegacyLinkId, TenantId } from '../../../domain/shared/ids.ts';
import { sameOctets } from '../../../domain/shared/octets.ts';
import type { MemoryAccess } from '../memory-access.ts';

/** The links of all tenants that count, in memory. */
export class MemoryLegacyLinkDirectory implements LegacyLinkDirectory {
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess) {
    this.#access = access;
  }

  async findLinked(identifierHashes: readonly Uint8Array[]): Promise<readonly LegacyLink[]> {
    const linked = await this.#linked();
    return linked.filter((link) => identifierHashes.some((hash) => sameOctets(hash, link.identifierHash)));
  }

  async nextLinked(after: LegacyLinkId | null, limit: number): Promise<readonly StoredLink[]> {
    const linked = await this.#linked();
    return linked
      .filter(({ id }) => after === null || id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async countLinked(): Promise<number> {
    return (await this.#linked()).length;
  }

  async countStampedBy(runId: BatchRunId): Promise<ReadonlyMap<TenantId, number>> {
    return this.#access.read((tables) => {
      const stamps = [...tables.legacyStamps.values()].filter((stamp) => stamp.runId === runId);
      const byTenant = Map.groupBy(stamps, ({ tenantId }) => tenantId);
      return new Map([...byTenant].map(([tenantId, own]) => [tenantId, own.length]));
    });
  }

  async #linked(): Promise<StoredLink[]> {
    return this.#access.read((tables) =>
      [...tables.legacyLinks.values()].filter(({ status }) => status === 'linked'),
    );
  }
}
