import { MemoryDatabase } from '../../src/adapters/memory/memory-database.ts';
import { MemoryUnitOfWork } from '../../src/adapters/memory/memory-unit-of-work.ts';
import { MemoryAccountDirectory } from '../../src/adapters/memory/stores/account-directory.ts';
import { MemoryAuditSealStore } from '../../src/adapters/memory/stores/audit-seal-store.ts';
import { MemoryBatchRunStore } from '../../src/adapters/memory/stores/batch-run-store.ts';
import { MemoryCaseTimers } from '../../src/adapters/memory/stores/case-timers.ts';
import { MemoryDataKeyStore } from '../../src/adapters/memory/stores/data-key-store.ts';
import { MemoryExpiredRecords } from '../../src/adapters/memory/stores/expired-records.ts';
import { MemoryFailureCounterStore } from '../../src/adapters/memory/stores/failure-counter-store.ts';
import { MemoryLegacyIndex } from '../../src/adapters/memory/stores/legacy-index.ts';
import { MemoryLegacyReconciliation } from '../../src/adapters/memory/stores/legacy-reconciliation.ts';
import { MemoryLegacyRequests } from '../../src/adapters/memory/stores/legacy-requests.ts';
import { MemoryLegacyLinkDirectory } from '../../src/adapters/memory/stores/legacy-link-directory.ts';
import { MemoryLegacySessions } from '../../src/adapters/memory/stores/legacy-sessions.ts';
import { MemoryLegacyTicketStore } from '../../src/adapters/memory/stores/legacy-ticket-store.ts';
import { MemoryOneTimeTokenDirectory } from '../../src/adapters/memory/stores/one-time-token-directory.ts';
import { MemoryPasskeyChallengeStore } from '../../src/adapters/memory/stores/passkey-challenge-store.ts';
import { MemoryPasskeyDirectory } from '../../src/adapters/memory/stores/passkey-directory.ts';
import { MemoryRefreshTokenStore } from '../../src/adapters/memory/stores/refresh-token-store.ts';
import { MemorySealedTextStore } from '../../src/adapters/memory/stores/sealed-text-store.ts';
import { MemorySignInChallengeStore } from '../../src/adapters/memory/stores/sign-in-challenge-store.ts';
import { MemorySigningKeyStore } from '../../src/adapters/memory/stores/signing-key-store.ts';
import type { StoreWorld } from '../contracts/stores/store-world.ts';
import { GrowingVendors } from './growing-vendors.ts';

/** The memory adapters over one database, for the store contracts. */
export function memoryStoreWorld(database = new MemoryDatabase()): StoreWorld {
  const vendors = new GrowingVendors();
  return {
    unitOfWork: new MemoryUnitOfWork(database, vendors),
    listVendor: (vendor) => {
      vendors.add(vendor);
    },
    accountDirectory: new MemoryAccountDirectory(database),
    auditSeals: new MemoryAuditSealStore(database),
    batchRuns: new MemoryBatchRunStore(database),
    caseTimers: new MemoryCaseTimers(database),
    refreshTokenStore: new MemoryRefreshTokenStore(database),
    expiredRecords: new MemoryExpiredRecords(database),
    legacyIndex: new MemoryLegacyIndex(database),
    legacyReconciliation: new MemoryLegacyReconciliation(database),
    legacyLinkDirectory: new MemoryLegacyLinkDirectory(database),
    legacySessions: new MemoryLegacySessions(database, ['passport', 'user']),
    legacyTickets: new MemoryLegacyTicketStore(database),
    failureCounters: new MemoryFailureCounterStore(database),
    oneTimeTokenDirectory: new MemoryOneTimeTokenDirectory(database),
    passkeyDirectory: new MemoryPasskeyDirectory(database),
    passkeyChallenges: new MemoryPasskeyChallengeStore(database),
    signInChallenges: new MemorySignInChallengeStore(database),
    signingKeyStore: new MemorySigningKeyStore(database),
    dataKeyStore: new MemoryDataKeyStore(database),
    sealedTexts: new MemorySealedTextStore(database),
    allowAnonymousCases: (anonymousCases) => database.configure({ anonymousCases }),
    writeLegacySession: (sid, json, expiresAt) =>
      database.write((tables) => tables.legacySessions.set(sid, { json, expiresAt })),
    writeLegacyRequest: (request) =>
      database.write((tables) => {
        const ownerId = tables.legacyRequests.get(request.caseId)?.ownerId ?? null;
        tables.legacyRequests.set(request.caseId, { ...request, ownerId });
      }),
    removeLegacyRequest: (id) => database.write((tables) => tables.legacyRequests.delete(id)),
    forgetLegacyIndex: () =>
      database.write((tables) => {
        for (const { caseId } of [...tables.legacyIndex.values()]) tables.legacyIndex.delete(caseId);
        for (const [key] of [...tables.legacyIndexState.entries()]) tables.legacyIndexState.delete(key);
      }),
    openLegacyRequests: () => new MemoryLegacyRequests(database),
    readLegacyOwner: (id) => database.read((tables) => tables.legacyRequests.get(id)?.ownerId ?? null),
    readAssignment: (id) => database.read((tables) => tables.assignments.get(id) ?? null),
    readAudit: (tenantId) =>
      database.read((tables) =>
        [...tables.auditEntries.values()]
          .filter((entry) => entry.tenantId === tenantId)
          .sort((a, b) => a.at.getTime() - b.at.getTime()),
      ),
    readEvents: (id) =>
      database.read((tables) =>
        [...tables.caseEvents.values()]
          .filter((event) => event.caseId === id)
          .sort((a, b) => a.version - b.version),
      ),
    readOutboxPayload: (id) => database.read((tables) => tables.outboxEntries.get(id)?.payload ?? null),
    readResetReason: (id) => database.read((tables) => tables.mfaResets.get(id)?.reason ?? null),
  };
}
