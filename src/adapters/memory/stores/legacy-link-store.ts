import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type {
  ClaimStatus,
  LegacyLinkStore,
  StampedCase,
  StoredLink,
  UnstampedBatch,
} from '../../../application/ports/stores/legacy-link-store.ts';
import { IdentifierTaken } from '../../../domain/legacy/errors.ts';
import { isClaim, isOpen, type LegacyLink } from '../../../domain/legacy/legacy-link.ts';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.ts';
import type { BatchRunId, CaseId, LegacyLinkId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { sameOctets } from '../../../domain/shared/octets.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { newestFirst, type Page, type PageRequest } from '../../../domain/shared/page.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { MemoryTables, ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser, ownedBy } from '../own-tenant.ts';

/** Links between the accounts of one tenant and legacy identifiers, in memory. */
export class MemoryLegacyLinkStore implements LegacyLinkStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async claim(stored: StoredLink): Promise<LegacyLink> {
    return this.#access.write((tables) => {
      const known = this.#openOf(tables, stored);
      if (!known) return this.#add(tables, stored);
      const isUnproven = known.status === 'candidate' || known.status === 'pending';
      const claimed = {
        ...known,
        status: known.status === 'candidate' ? ('pending' as const) : known.status,
        code: isUnproven ? (stored.code ?? known.code) : null,
        updatedAt: stored.updatedAt,
        version: known.version + 1,
      };
      tables.legacyLinks.set(known.id, claimed);
      return claimed;
    });
  }

  async addCandidates(candidates: readonly StoredLink[]): Promise<void> {
    await this.#access.write((tables) => {
      for (const candidate of candidates) {
        if (!this.#openOf(tables, candidate)) this.#add(tables, candidate);
      }
    });
  }

  async save(link: LegacyLink, reason: SealedText | null): Promise<boolean> {
    assertOwnTenant(this.#tenantId, link);
    return this.#access.write((tables) => {
      const known = ownedBy(this.#tenantId, tables.legacyLinks.get(link.id));
      if (known?.version !== link.version - 1) return false;
      if (link.decidedBy !== null) assertOwnUser(tables, this.#tenantId, link.decidedBy);
      if (link.status === 'linked' && isTaken(tables, link)) throw new IdentifierTaken();
      const { code, decidedBy, proof, status, updatedAt, version } = link;
      const changed = { ...known, code, decidedBy, proof, status, updatedAt, version };
      tables.legacyLinks.set(link.id, { ...changed, reason: reason ?? known.reason });
      return true;
    });
  }

  async find(id: LegacyLinkId): Promise<StoredLink | null> {
    return this.#access.read((tables) => ownedBy(this.#tenantId, tables.legacyLinks.get(id)));
  }

  async listOf(userId: UserId, request: PageRequest): Promise<Page<StoredLink>> {
    return this.#access.read((tables) =>
      keysetPage(
        this.#own(tables).filter((link) => link.userId === userId),
        request,
      ),
    );
  }

  async listClaims(status: ClaimStatus | null, request: PageRequest): Promise<Page<StoredLink>> {
    return this.#access.read((tables) => {
      const claims = this.#own(tables).filter(
        (link) => isClaim(link) && (status === null || link.status === status),
      );
      return keysetPage(claims, request);
    });
  }

  async listLinked(userId: UserId): Promise<readonly StoredLink[]> {
    return this.#access.read((tables) =>
      this.#own(tables)
        .filter((link) => link.userId === userId && link.status === 'linked')
        .sort((a, b) => newestFirst(b, a)),
    );
  }

  async stamp(
    link: Pick<LegacyLink, 'id' | 'userId'>,
    records: readonly LegacyRecord[],
    runId: BatchRunId | null,
    now: Date,
  ): Promise<readonly StampedCase[]> {
    return this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, link.userId);
      if (ownedBy(this.#tenantId, tables.legacyLinks.get(link.id))?.status !== 'linked') return [];
      const stamped: StampedCase[] = [];
      for (const record of records) {
        const request = tables.legacyRequests.get(record.caseId);
        if (request?.ownerId !== null || !saysStill(request, record)) continue;
        tables.legacyRequests.set(record.caseId, { ...request, ownerId: link.userId });
        tables.legacyStamps.set(record.caseId, {
          tenantId: this.#tenantId,
          linkId: link.id,
          userId: link.userId,
          runId,
          stampedAt: now,
        });
        stamped.push(stampedCase(tables, record.caseId));
      }
      return stamped;
    });
  }

  async unstamp(linkId: LegacyLinkId): Promise<readonly StampedCase[]> {
    return this.#access.write((tables) => {
      const stamps = this.#stampsOf(tables, linkId);
      for (const [caseId] of stamps) tables.legacyStamps.delete(caseId);
      return stamps
        .filter(([caseId, { userId }]) => freeOf(tables, caseId, userId))
        .map(([caseId]) => stampedCase(tables, caseId));
    });
  }

  async countStamped(linkId: LegacyLinkId): Promise<number> {
    return this.#access.read((tables) => this.#stampsOf(tables, linkId).length);
  }

  async hold(linkId: LegacyLinkId): Promise<boolean> {
    return (await this.find(linkId))?.status === 'linked';
  }

  async holdRun(runId: BatchRunId): Promise<boolean> {
    return this.#access.read((tables) => {
      const run = tables.batchRuns.get(runId);
      return run?.finishedAt === null && run.undoneAt === null;
    });
  }

  async unstampRun(runId: BatchRunId, after: CaseId | null, limit: number): Promise<UnstampedBatch> {
    return this.#access.write((tables) => {
      const next = [...tables.legacyStamps.entries()]
        .filter(([, stamp]) => stamp.tenantId === this.#tenantId && stamp.runId === runId)
        .filter(([caseId]) => after === null || caseId > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit);
      const cases = next
        .filter(([caseId, { userId }]) => freeOf(tables, caseId, userId))
        .map(([caseId]) => stampedCase(tables, caseId));
      for (const [caseId] of next) tables.legacyStamps.delete(caseId);
      return { cases, last: next.at(-1)?.[0] ?? null };
    });
  }

  #add(tables: MemoryTables, stored: StoredLink): LegacyLink {
    assertOwnTenant(this.#tenantId, stored);
    assertOwnUser(tables, this.#tenantId, stored.userId);
    assertOwnKey(tables, this.#tenantId, stored.identifier.keyId);
    tables.legacyLinks.add(stored.id, { ...stored, reason: null });
    return stored;
  }

  #own(tables: ReadonlyMemoryTables) {
    return [...tables.legacyLinks.values()].filter(({ tenantId }) => tenantId === this.#tenantId);
  }

  #openOf(tables: ReadonlyMemoryTables, { userId, identifierHash }: LegacyLink) {
    return this.#own(tables).find(
      (link) => link.userId === userId && isOpen(link) && sameOctets(link.identifierHash, identifierHash),
    );
  }

  #stampsOf(tables: ReadonlyMemoryTables, linkId: LegacyLinkId) {
    return [...tables.legacyStamps.entries()].filter(
      ([, stamp]) => stamp.tenantId === this.#tenantId && stamp.linkId === linkId,
    );
  }
}

/** Takes a row from its owner, where it is that one. @returns whether it was */
function freeOf(tables: MemoryTables, caseId: CaseId, userId: UserId): boolean {
  const request = tables.legacyRequests.get(caseId);
  if (request?.ownerId !== userId) return false;
  tables.legacyRequests.set(caseId, { ...request, ownerId: null });
  return true;
}

const saysStill = (request: Pick<LegacyRecord, 'userId' | 'identifier'>, record: LegacyRecord): boolean =>
  request.userId === record.userId && request.identifier === record.identifier;

const stampedCase = (tables: ReadonlyMemoryTables, caseId: CaseId): StampedCase => ({
  caseId,
  isAdopted: tables.cases.get(caseId) !== undefined,
});

/** Whether another link to the identifier counts, of any tenant. */
const isTaken = (tables: ReadonlyMemoryTables, { id, identifierHash }: LegacyLink): boolean =>
  [...tables.legacyLinks.values()].some(
    (other) =>
      other.status === 'linked' && other.id !== id && sameOctets(other.identifierHash, identifierHash),
  );
