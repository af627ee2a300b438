/** Every adapter that keeps its records in memory, and a clock and ids that stand still: for tests, and for trying things out. */
export { FixedClock } from './fixed-clock.ts';
export type { MemoryAccess } from './memory-access.ts';
export { MemoryDatabase } from './memory-database.ts';
export { MemoryRevocationList } from './memory-revocation-list.ts';
export { MemoryUnitOfWork } from './memory-unit-of-work.ts';
export { SequentialIdGenerator } from './sequential-id-generator.ts';
export { MemoryAccountDirectory } from './stores/account-directory.ts';
export { MemoryAuditTrail } from './stores/audit-trail.ts';
export { MemoryCaseStore } from './stores/case-store.ts';
export { MemoryDataKeyStore } from './stores/data-key-store.ts';
export { MemoryFailureCounterStore } from './stores/failure-counter-store.ts';
export { MemoryPhysicianStore } from './stores/physician-store.ts';
export { MemoryRefreshTokenStore } from './stores/refresh-token-store.ts';
export { MemorySessionStore } from './stores/session-store.ts';
export { MemorySigningKeyStore } from './stores/signing-key-store.ts';
export { MemoryTenantStore } from './stores/tenant-store.ts';
export { MemoryUserStore } from './stores/user-store.ts';
