import type { Stores, UnitOfWork, Work } from '../../application/ports/unit-of-work.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { MemoryAccess } from './memory-access.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { MemoryAuditTrail } from './stores/audit-trail.ts';
import { MemoryBreakGlassStore } from './stores/break-glass-store.ts';
import { MemoryCaseStore } from './stores/case-store.ts';
import { MemoryIdempotencyKeyStore } from './stores/idempotency-key-store.ts';
import { MemoryMfaResetStore } from './stores/mfa-reset-store.ts';
import { MemoryOneTimeTokenStore } from './stores/one-time-token-store.ts';
import { MemoryOutbox } from './stores/outbox.ts';
import { MemoryPhysicianStore } from './stores/physician-store.ts';
import { MemorySecondFactorStore } from './stores/second-factor-store.ts';
import { MemorySessionStore } from './stores/session-store.ts';
import { MemorySignInChallengeStore } from './stores/sign-in-challenge-store.ts';
import { MemoryTenantStore } from './stores/tenant-store.ts';
import { MemoryUserStore } from './stores/user-store.ts';

/** Units of work on memory: each sees a copy of all records, which takes their place at the end (serializable). */
export class MemoryUnitOfWork implements UnitOfWork {
  readonly #database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#database = database;
  }

  stores(tenantId: TenantId): Stores {
    return storesOn(this.#database, tenantId);
  }

  async run<T>(tenantId: TenantId, work: Work<keyof Stores, T>): Promise<T> {
    return this.#database.transact((access) => {
      const storesOf = (id: TenantId) => storesOn(access, id);
      return work(storesOf(tenantId), storesOf);
    });
  }
}

const storesOn = (access: MemoryAccess, tenantId: TenantId): Stores => ({
  users: new MemoryUserStore(access, tenantId),
  physicians: new MemoryPhysicianStore(access, tenantId),
  sessions: new MemorySessionStore(access, tenantId),
  tenants: new MemoryTenantStore(access),
  cases: new MemoryCaseStore(access, tenantId),
  breakGlass: new MemoryBreakGlassStore(access, tenantId),
  audit: new MemoryAuditTrail(access, tenantId),
  oneTimeTokens: new MemoryOneTimeTokenStore(access, tenantId),
  secondFactors: new MemorySecondFactorStore(access, tenantId),
  signInChallenges: new MemorySignInChallengeStore(access),
  mfaResets: new MemoryMfaResetStore(access, tenantId),
  outbox: new MemoryOutbox(access, tenantId),
  idempotencyKeys: new MemoryIdempotencyKeyStore(access, tenantId),
});
