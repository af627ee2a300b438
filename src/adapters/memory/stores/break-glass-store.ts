import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { BreakGlassStore, StoredGrant } from '../../../application/ports/stores/break-glass-store.ts';
import type { BreakGlassGrant, GrantReview } from '../../../domain/cases/break-glass.ts';
import type { CaseId, GrantId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import { keysetPage } from '../keyset-page.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser, ownedBy } from '../own-tenant.ts';

/** The leaves to read cases outside of one's role, of one tenant, in memory. */
export class MemoryBreakGlassStore implements BreakGlassStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(grant: BreakGlassGrant, reason: SealedText): Promise<void> {
    assertOwnTenant(this.#tenantId, grant);
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, grant.adminId);
      assertOwnKey(tables, this.#tenantId, reason.keyId);
      if (!ownedBy(this.#tenantId, tables.cases.get(grant.caseId))) {
        throw new Error('The tenant has no such case.');
      }
      tables.breakGlassGrants.add(grant.id, { ...grant, review: null, reason, note: null });
    });
  }

  async find(id: GrantId): Promise<StoredGrant | null> {
    return this.#access.read((tables) => ownedBy(this.#tenantId, tables.breakGlassGrants.get(id)));
  }

  async findLive(caseId: CaseId, adminId: UserId, now: Date): Promise<BreakGlassGrant | null> {
    return this.#access.read((tables) => {
      const live = this.#own(tables).filter(
        (grant) => grant.caseId === caseId && grant.adminId === adminId && grant.expiresAt > now,
      );
      const last = live.sort(
        (a, b) => b.expiresAt.getTime() - a.expiresAt.getTime() || (a.id < b.id ? 1 : -1),
      )[0];
      return last ? grantOf(last) : null;
    });
  }

  async list(request: PageRequest): Promise<Page<StoredGrant>> {
    return this.#access.read((tables) => keysetPage(this.#own(tables), request));
  }

  async review(id: GrantId, review: GrantReview, note: SealedText): Promise<boolean> {
    return this.#access.write((tables) => {
      const found = ownedBy(this.#tenantId, tables.breakGlassGrants.get(id));
      if (found?.review !== null) return false;
      assertOwnUser(tables, this.#tenantId, review.reviewerId);
      assertOwnKey(tables, this.#tenantId, note.keyId);
      tables.breakGlassGrants.set(id, { ...found, review, note });
      return true;
    });
  }

  #own(tables: ReadonlyMemoryTables): StoredGrant[] {
    return [...tables.breakGlassGrants.values()].filter(({ tenantId }) => tenantId === this.#tenantId);
  }
}

const grantOf = ({
  id,
  tenantId,
  caseId,
  adminId,
  createdAt,
  expiresAt,
  review,
}: StoredGrant): BreakGlassGrant => ({
  id,
  tenantId,
  caseId,
  adminId,
  createdAt,
  expiresAt,
  review,
});
