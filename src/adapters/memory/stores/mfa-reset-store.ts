import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type { MfaResetStore } from '../../../application/ports/stores/mfa-reset-store.ts';
import { MfaResetPending } from '../../../domain/access/errors.ts';
import type { MfaReset } from '../../../domain/access/mfa-reset.ts';
import type { MfaResetId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { MemoryAccess } from '../memory-access.ts';
import type { MfaResetRow, ReadonlyMemoryTables } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser } from '../own-tenant.ts';

/** Resets of second factors in one tenant, in memory. */
export class MemoryMfaResetStore implements MfaResetStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async add(reset: MfaReset, reason: SealedText): Promise<void> {
    assertOwnTenant(this.#tenantId, reset);
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, reset.userId);
      assertOwnKey(tables, this.#tenantId, reason.keyId);
      if (this.#waiting(tables).some((row) => row.reset.userId === reset.userId)) throw new MfaResetPending();
      tables.mfaResets.add(reset.id, { reset, reason, endedAt: null });
    });
  }

  async cancel(userId: UserId, now: Date): Promise<boolean> {
    return this.#end(({ reset }) => reset.userId === userId, now);
  }

  async listDue(now: Date): Promise<readonly MfaReset[]> {
    return this.#access.read((tables) =>
      this.#waiting(tables)
        .map(({ reset }) => reset)
        .filter(({ dueAt }) => dueAt <= now),
    );
  }

  async complete(id: MfaResetId, now: Date): Promise<boolean> {
    return this.#end(({ reset }) => reset.id === id, now);
  }

  async #end(isMeant: (row: MfaResetRow) => boolean, now: Date): Promise<boolean> {
    return this.#access.write((tables) => {
      const row = this.#waiting(tables).find(isMeant);
      if (!row) return false;
      tables.mfaResets.set(row.reset.id, { ...row, endedAt: now });
      return true;
    });
  }

  #waiting(tables: ReadonlyMemoryTables): MfaResetRow[] {
    return [...tables.mfaResets.values()].filter(
      ({ reset, endedAt }) => reset.tenantId === this.#tenantId && endedAt === null,
    );
  }
}
