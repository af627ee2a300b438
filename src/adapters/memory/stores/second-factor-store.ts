import type { SealedText } from '../../../application/ports/security/text-cipher.ts';
import type {
  SecondFactorStore,
  TotpSecrets,
} from '../../../application/ports/stores/second-factor-store.ts';
import { PasskeyLimit } from '../../../domain/access/errors.ts';
import { type FactorSummary, NO_FACTORS, type Passkey } from '../../../domain/access/second-factor.ts';
import type { PasskeyId, TenantId, UserId } from '../../../domain/shared/ids.ts';
import { assertOwnTenant } from '../../../domain/shared/own-tenant.ts';
import { factorsOf } from '../factors-of.ts';
import { isSameText } from '../is-same-text.ts';
import type { MemoryAccess } from '../memory-access.ts';
import { type MemoryTables, octetKey, type ReadonlyMemoryTables, type TotpRow } from '../memory-tables.ts';
import { assertOwnKey, assertOwnUser, ownedBy } from '../own-tenant.ts';

/** The second factors of one tenant's accounts, in memory. */
export class MemorySecondFactorStore implements SecondFactorStore {
  readonly #access: MemoryAccess;
  readonly #tenantId: TenantId;

  constructor(access: MemoryAccess, tenantId: TenantId) {
    this.#access = access;
    this.#tenantId = tenantId;
  }

  async summary(userId: UserId): Promise<FactorSummary> {
    return this.#access.read((tables) =>
      this.#owns(tables, userId) ? factorsOf(tables, userId) : NO_FACTORS,
    );
  }

  async findTotp(userId: UserId): Promise<TotpSecrets | null> {
    return this.#access.read((tables) => {
      const row = this.#totp(tables, userId);
      return row && { confirmed: row.confirmed, pending: row.pending, pendingSince: row.pendingSince };
    });
  }

  async putPendingTotp(userId: UserId, secret: SealedText, now: Date): Promise<void> {
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, userId);
      assertOwnKey(tables, this.#tenantId, secret.keyId);
      const { confirmed = null, usedStep = null } = this.#totp(tables, userId) ?? {};
      const row = { tenantId: this.#tenantId, confirmed, pending: secret, pendingSince: now, usedStep };
      tables.totpSecrets.set(userId, row);
    });
  }

  async confirmTotp(userId: UserId, pending: SealedText, step: number): Promise<boolean> {
    return this.#access.write((tables) => {
      const row = this.#totp(tables, userId);
      if (!row?.pending || !isSameText(row.pending, pending)) return false;
      const confirmed = { confirmed: row.pending, pending: null, pendingSince: null, usedStep: step };
      tables.totpSecrets.set(userId, { ...row, ...confirmed });
      return true;
    });
  }

  async useTotpStep(userId: UserId, step: number): Promise<boolean> {
    return this.#access.write((tables) => {
      const row = this.#totp(tables, userId);
      if (!row?.confirmed || (row.usedStep !== null && step <= row.usedStep)) return false;
      tables.totpSecrets.set(userId, { ...row, usedStep: step });
      return true;
    });
  }

  async removeTotp(userId: UserId): Promise<boolean> {
    return this.#access.write((tables) => {
      if (!this.#totp(tables, userId)?.confirmed) return false;
      tables.totpSecrets.delete(userId);
      return true;
    });
  }

  async replaceRecoveryCodes(userId: UserId, hashes: readonly Uint8Array[]): Promise<void> {
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, userId);
      removeRecoveryCodes(tables, userId);
      const code = { tenantId: this.#tenantId, userId };
      for (const hash of hashes) tables.recoveryCodes.add(recoveryCodeKey(userId, hash), { ...code, hash });
    });
  }

  async useRecoveryCode(userId: UserId, hash: Uint8Array): Promise<boolean> {
    const key = recoveryCodeKey(userId, hash);
    return this.#access.write((tables) => {
      if (!ownedBy(this.#tenantId, tables.recoveryCodes.get(key))) return false;
      tables.recoveryCodes.delete(key);
      return true;
    });
  }

  async listPasskeys(userId: UserId): Promise<readonly Passkey[]> {
    return this.#access.read((tables) => this.#passkeys(tables, userId).sort(oldestFirst));
  }

  async addPasskey(passkey: Passkey): Promise<void> {
    assertOwnTenant(this.#tenantId, passkey);
    await this.#access.write((tables) => {
      assertOwnUser(tables, this.#tenantId, passkey.userId);
      const all = [...tables.passkeys.values()];
      if (all.some(({ credentialId }) => credentialId === passkey.credentialId)) throw new PasskeyLimit();
      tables.passkeys.add(passkey.id, passkey);
    });
  }

  async usePasskey(id: PasskeyId, counter: number, now: Date): Promise<boolean> {
    return this.#access.write((tables) => {
      const passkey = ownedBy(this.#tenantId, tables.passkeys.get(id));
      if (!passkey || !hasGrown(passkey.counter, counter)) return false;
      tables.passkeys.set(id, { ...passkey, counter, lastUsedAt: now });
      return true;
    });
  }

  async removePasskey(userId: UserId, id: PasskeyId): Promise<boolean> {
    return this.#access.write((tables) => {
      if (!this.#passkeys(tables, userId).some((passkey) => passkey.id === id)) return false;
      tables.passkeys.delete(id);
      return true;
    });
  }

  async removeAll(userId: UserId): Promise<void> {
    await this.#access.write((tables) => {
      if (!this.#owns(tables, userId)) return;
      tables.totpSecrets.delete(userId);
      removeRecoveryCodes(tables, userId);
      for (const { id } of this.#passkeys(tables, userId)) tables.passkeys.delete(id);
    });
  }

  #owns(tables: ReadonlyMemoryTables, userId: UserId): boolean {
    return ownedBy(this.#tenantId, tables.users.get(userId)) !== null;
  }

  #totp(tables: ReadonlyMemoryTables, userId: UserId): TotpRow | null {
    return ownedBy(this.#tenantId, tables.totpSecrets.get(userId));
  }

  #passkeys(tables: ReadonlyMemoryTables, userId: UserId): Passkey[] {
    return [...tables.passkeys.values()].filter(
      (passkey) => passkey.tenantId === this.#tenantId && passkey.userId === userId,
    );
  }
}

const recoveryCodeKey = (userId: UserId, hash: Uint8Array): string => `${userId}/${octetKey(hash)}`;

function removeRecoveryCodes(tables: MemoryTables, userId: UserId): void {
  for (const code of [...tables.recoveryCodes.values()]) {
    if (code.userId === userId) tables.recoveryCodes.delete(recoveryCodeKey(userId, code.hash));
  }
}

/** Whether a counter is one that may follow (WebAuthn Level 3, section 6.1.1); an authenticator without one always says 0. */
const hasGrown = (before: number, now: number): boolean => now > before || (now === 0 && before === 0);

const oldestFirst = (a: Passkey, b: Passkey): number =>
  a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
