import { MemoryDatabase } from '../../src/adapters/memory/memory-database.ts';
import { MemoryUnitOfWork } from '../../src/adapters/memory/memory-unit-of-work.ts';
import { MemoryAccountDirectory } from '../../src/adapters/memory/stores/account-directory.ts';
import { MemoryDataKeyStore } from '../../src/adapters/memory/stores/data-key-store.ts';
import { MemoryFailureCounterStore } from '../../src/adapters/memory/stores/failure-counter-store.ts';
import { MemoryOneTimeTokenDirectory } from '../../src/adapters/memory/stores/one-time-token-directory.ts';
import { MemoryPasskeyChallengeStore } from '../../src/adapters/memory/stores/passkey-challenge-store.ts';
import { MemoryPasskeyDirectory } from '../../src/adapters/memory/stores/passkey-directory.ts';
import { MemoryRefreshTokenStore } from '../../src/adapters/memory/stores/refresh-token-store.ts';
import { MemorySignInChallengeStore } from '../../src/adapters/memory/stores/sign-in-challenge-store.ts';
import { MemorySigningKeyStore } from '../../src/adapters/memory/stores/signing-key-store.ts';
import type { StoreWorld } from '../contracts/stores/store-world.ts';

/** The memory adapters over one database, for the store contracts. */
export function memoryStoreWorld(database = new MemoryDatabase()): StoreWorld {
  return {
    unitOfWork: new MemoryUnitOfWork(database),
    accountDirectory: new MemoryAccountDirectory(database),
    refreshTokenStore: new MemoryRefreshTokenStore(database),
    failureCounters: new MemoryFailureCounterStore(database),
    oneTimeTokenDirectory: new MemoryOneTimeTokenDirectory(database),
    passkeyDirectory: new MemoryPasskeyDirectory(database),
    passkeyChallenges: new MemoryPasskeyChallengeStore(database),
    signInChallenges: new MemorySignInChallengeStore(database),
    signingKeyStore: new MemorySigningKeyStore(database),
    dataKeyStore: new MemoryDataKeyStore(database),
    allowAnonymousCases: (anonymousCases) => database.configure({ anonymousCases }),
    plantPhysician: (physician) => database.write((tables) => tables.physicians.add(physician.id, physician)),
    assignCase: (id, physicianId) =>
      database.write((tables) =>
        tables.cases.set(id, { ...tables.cases.get(id)!, state: 'assigned', physicianId }),
      ),
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
