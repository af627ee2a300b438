import type { VendorDirectory } from '../../application/ports/legacy/vendor-directory.ts';
import type { Stores, UnitOfWork, Work } from '../../application/ports/unit-of-work.ts';
import { NO_VENDORS } from '../../domain/legacy/no-vendors.ts';
import type { TenantId } from '../../domain/shared/ids.ts';
import type { MemoryAccess } from './memory-access.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { MemoryAuditTrail } from './stores/audit-trail.ts';
import { MemoryBreakGlassStore } from './stores/break-glass-store.ts';
import { MemoryCaseStore } from './stores/case-store.ts';
import { MemoryIdempotencyKeyStore } from './stores/idempotency-key-store.ts';
import { MemoryImportedUserStore } from './stores/imported-user-store.ts';
import { MemoryLegacyLinkStore } from './stores/legacy-link-store.ts';
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
  readonly #vendors: VendorDirectory;

  /** @param vendors whose legacy cases are which tenant's; none is listed unless told */
  constructor(database: MemoryDatabase, vendors: VendorDirectory = NO_VENDORS) {
    this.#database = database;
    this.#vendors = vendors;
  }

  stores(tenantId: TenantId): Stores {
    return storesOn(this.#database, tenantId, this.#vendors);
  }

  async run<T>(tenantId: TenantId, work: Work<keyof Stores, T>): Promise<T> {
    return this.#database.transact((access) => {
      const storesOf = (id: TenantId) => storesOn(access, id, this.#vendors);
      return work(storesOf(tenantId), storesOf);
    });
  }
}

const storesOn = (access: MemoryAccess, tenantId: TenantId, vendors: VendorDirectory): Stores => ({
  users: new MemoryUserStore(access, tenantId),
  physicians: new MemoryPhysicianStore(access, tenantId),
  sessions: new MemorySessionStore(access, tenantId),
  tenants: new MemoryTenantStore(access),
  cases: new MemoryCaseStore(access, tenantId, vendors),
  breakGlass: new MemoryBreakGlassStore(access, tenantId),
  legacyLinks: new MemoryLegacyLinkStore(access, tenantId),
  audit: new MemoryAuditTrail(access, tenantId),
  oneTimeTokens: new MemoryOneTimeTokenStore(access, tenantId),
  secondFactors: new MemorySecondFactorStore(access, tenantId),
  signInChallenges: new MemorySignInChallengeStore(access),
  mfaResets: new MemoryMfaResetStore(access, tenantId),
  outbox: new MemoryOutbox(access, tenantId),
  idempotencyKeys: new MemoryIdempotencyKeyStore(access, tenantId),
  importedUsers: new MemoryImportedUserStore(access, tenantId),
});
