import type { OneTimeTokenStore } from '../../../application/ports/stores/one-time-token-store.ts';
import type { OneTimeToken, TokenPurpose } from '../../../domain/access/one-time-token.ts';
import type { SignInBasis } from '../../../domain/access/session.ts';
import type { TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { type MemoryTables, octetKey } from '../memory-tables.ts';
import { assertOwnUser, ownedBy } from '../own-tenant.ts';
import { standsOn } from '../stands-on.ts';

/** The one-time tokens of one tenant, in memory. */
export class MemoryOneTimeTokenStore implements OneTimeTokenStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async put(token: OneTimeToken): Promise<void> {
    assertOwnTenant(this.#tenantId, token);
    await this.#access.write((tables) => this.#put(tables, token));
  }

  async putWhile(token: OneTimeToken, basis: SignInBasis): Promise<boolean> {
    assertOwnTenant(this.#tenantId, token);
    return this.#access.write((tables) => {
      if (!standsOn(basis, tables.users.get(token.userId))) return false;
      this.#put(tables, token);
      return true;
    });
  }

  async spend(hash: Uint8Array, now: Date): Promise<boolean> {
    return this.#access.write((tables) => {
      const token = ownedBy(this.#tenantId, tables.oneTimeTokens.get(octetKey(hash)));
      if (!token || now >= token.expiresAt) return false;
      tables.oneTimeTokens.delete(octetKey(hash));
      return true;
    });
  }

  async revoke(userId: UserId, purposes: readonly TokenPurpose[]): Promise<void> {
    await this.#access.write((tables) => this.#remove(tables, userId, purposes));
  }

  #put(tables: MemoryTables, token: OneTimeToken): void {
    assertOwnUser(tables, this.#tenantId, token.userId);
    this.#remove(tables, token.userId, [token.purpose]);
    tables.oneTimeTokens.add(octetKey(token.hash), token);
  }

  #remove(tables: MemoryTables, userId: UserId, purposes: readonly TokenPurpose[]): void {
    for (const token of [...tables.oneTimeTokens.values()]) {
      const isMeant = token.userId === userId && purposes.includes(token.purpose);
      if (isMeant && token.tenantId === this.#tenantId) tables.oneTimeTokens.delete(octetKey(token.hash));
    }
  }
}
