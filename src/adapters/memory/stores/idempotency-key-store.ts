import type {
  IdempotencyClaim,
  IdempotencyKeyStore,
  IdempotencyRecord,
} from '../../../application/ports/stores/idempotency-key-store.ts';
import type { TenantId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { octetKey } from '../memory-tables.ts';
import { ownedBy } from '../own-tenant.ts';

/** What the keys of one tenant's callers stand for, in memory. Its units of work take turns, so that no key is in use. */
export class MemoryIdempotencyKeyStore implements IdempotencyKeyStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async find(keyHash: Uint8Array, now: Date): Promise<IdempotencyRecord | null> {
    return this.#access.read((tables) => {
      const record = ownedBy(this.#tenantId, tables.idempotencyKeys.get(octetKey(keyHash)));
      return record && now < record.expiresAt ? record : null;
    });
  }

  async claim(record: IdempotencyRecord): Promise<IdempotencyClaim> {
    assertOwnTenant(this.#tenantId, record);
    return this.#access.write((tables) => {
      const known = tables.idempotencyKeys.get(octetKey(record.keyHash));
      if (known) assertOwnTenant(this.#tenantId, known);
      if (known && record.createdAt < known.expiresAt) return { kind: 'known', record: known };
      tables.idempotencyKeys.set(octetKey(record.keyHash), record);
      return { kind: 'claimed' };
    });
  }
}
