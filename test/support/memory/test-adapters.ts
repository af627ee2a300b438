import { randomBytes } from 'node:crypto';
import type { Settings } from '../../../src/application/ports/system/settings.ts';
import { AesGcmTextCipher } from '../../../src/adapters/crypto/aes-gcm-text-cipher.ts';
import { EnvelopeKeyProvider } from '../../../src/adapters/crypto/envelope-key-provider.ts';
import { ExpressSessionCookies } from '../../../src/adapters/crypto/express-session-cookies.ts';
import { HmacAuditChain } from '../../../src/adapters/crypto/hmac-audit-chain.ts';
import { MasterKey } from '../../../src/adapters/crypto/master-key.ts';
import { FixedClock } from '../../../src/adapters/memory/fixed-clock.ts';
import { MemoryAccessTokens } from './memory-access-tokens.ts';
import { MemoryDatabase } from '../../../src/adapters/memory/memory-database.ts';
import { MemoryKeyedHash } from './memory-keyed-hash.ts';
import { MemoryMailer } from './memory-mailer.ts';
import { MemoryPasswordBlockList } from './memory-password-block-list.ts';
import { MemoryPasswordHasher } from './memory-password-hasher.ts';
import { MemoryRefreshTokenFactory } from './memory-refresh-token-factory.ts';
import { MemoryRevocationList } from '../../../src/adapters/memory/memory-revocation-list.ts';
import { MemorySecretGenerator } from './memory-secret-generator.ts';
import { MemorySigningKeys } from './memory-signing-keys.ts';
import { MemoryUnitOfWork } from '../../../src/adapters/memory/memory-unit-of-work.ts';
import { SequentialIdGenerator } from '../../../src/adapters/memory/sequential-id-generator.ts';
import { MemoryAccountDirectory } from '../../../src/adapters/memory/stores/account-directory.ts';
import { MemoryExpiredRecords } from '../../../src/adapters/memory/stores/expired-records.ts';
import { MemoryAuditSealStore } from '../../../src/adapters/memory/stores/audit-seal-store.ts';
import { MemoryBatchRunStore } from '../../../src/adapters/memory/stores/batch-run-store.ts';
import { MemoryFailureCounterStore } from '../../../src/adapters/memory/stores/failure-counter-store.ts';
import { MemoryLegacyIndex } from '../../../src/adapters/memory/stores/legacy-index.ts';
import { MemoryLegacyReconciliation } from '../../../src/adapters/memory/stores/legacy-reconciliation.ts';
import { MemoryLegacyRequests } from '../../../src/adapters/memory/stores/legacy-requests.ts';
import { MemoryLegacyLinkDirectory } from '../../../src/adapters/memory/stores/legacy-link-directory.ts';
import { MemoryLegacySessions } from '../../../src/adapters/memory/stores/legacy-sessions.ts';
import { MemoryLegacyTicketStore } from '../../../src/adapters/memory/stores/legacy-ticket-store.ts';
import { MemoryOneTimeTokenDirectory } from '../../../src/adapters/memory/stores/one-time-token-directory.ts';
import { MemoryPasskeyChallengeStore } from '../../../src/adapters/memory/stores/passkey-challenge-store.ts';
import { MemoryPasskeyDirectory } from '../../../src/adapters/memory/stores/passkey-directory.ts';
import { MemoryRefreshTokenStore } from '../../../src/adapters/memory/stores/refresh-token-store.ts';
import { MemoryCaseTimers } from '../../../src/adapters/memory/stores/case-timers.ts';
import { MemoryDataKeyStore } from '../../../src/adapters/memory/stores/data-key-store.ts';
import { MemorySealedTextStore } from '../../../src/adapters/memory/stores/sealed-text-store.ts';
import { MemorySignInChallengeStore } from '../../../src/adapters/memory/stores/sign-in-challenge-store.ts';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.ts';
import { ConfiguredVendors } from '../../../src/adapters/vendors/configured-vendors.ts';
import { MemoryVendorStatements } from './memory-vendor-statements.ts';
import { TestTotp } from './test-totp.ts';
import { TestWebAuthn } from './test-web-authn.ts';

/** What the legacy service signs its cookies with. */
export const LEGACY_SECRET = 'a secret of the legacy service';

const HOUR = 3600;
const DAY = 24 * HOUR;

const SETTINGS: Settings = {
  passwordMinLength: { alone: 8, withSecondFactor: 8 },
  signIn: { emailVerification: 'optional', secondFactor: 'nobody' },
  sessionLifetimes: {
    patient: { idleSeconds: 14 * DAY, maxSeconds: 30 * DAY },
    staff: { idleSeconds: HOUR, maxSeconds: 12 * HOUR },
  },
  legacyBridge: null,
  anonymousCases: true,
};

/** What may be said of an installation in memory. */
export interface MemoryInstallation {
  /** When its clock begins; 1 January 2026, 00:00 UTC, unless told. */
  readonly now?: Date;
  /** Settings that are not the usual ones. */
  readonly settings?: Partial<Settings>;
}

/**
 * One adapter a port, all over one new database in memory, which is given along: the use cases run on them without Postgres, without
 * waiting for hashes, and with the same ids and times each time.
 */
export function testAdapters({ now, settings }: MemoryInstallation = {}) {
  const database = new MemoryDatabase();
  const accessTokens = new MemoryAccessTokens();
  const clock = new FixedClock(now ?? new Date('2026-01-01T00:00:00Z'));
  const keyProvider = new EnvelopeKeyProvider({
    dataKeys: new MemoryDataKeyStore(database),
    masterKey: new MasterKey(randomBytes(32)),
    idGenerator: new UuidV7Generator(),
    clock,
  });
  return {
    database,
    clock,
    idGenerator: new SequentialIdGenerator(),
    settings: { ...SETTINGS, ...settings },
    passwordHasher: new MemoryPasswordHasher(),
    passwordBlockList: new MemoryPasswordBlockList(),
    tokenSigner: accessTokens,
    tokenVerifier: accessTokens,
    signingKeys: new MemorySigningKeys((audit) =>
      database.write((tables) => {
        tables.auditEntries.add(audit.id, audit);
      }),
    ),
    refreshTokens: new MemoryRefreshTokenFactory(),
    revocationList: new MemoryRevocationList(database),
    keyedHash: new MemoryKeyedHash(),
    auditChain: new HmacAuditChain(new MasterKey(new Uint8Array(32).fill(7))),
    assertionVerifier: null,
    secretGenerator: new MemorySecretGenerator(),
    textCipher: new AesGcmTextCipher(keyProvider),
    dataKeyRotation: keyProvider,
    totp: new TestTotp(),
    webAuthn: new TestWebAuthn(),
    mailer: new MemoryMailer(),
    vendorDirectory: new ConfiguredVendors([]),
    vendorStatements: new MemoryVendorStatements(),
    accountDirectory: new MemoryAccountDirectory(database),
    auditSeals: new MemoryAuditSealStore(database),
    batchRuns: new MemoryBatchRunStore(database),
    caseTimers: new MemoryCaseTimers(database),
    expiredRecords: new MemoryExpiredRecords(database),
    failureCounters: new MemoryFailureCounterStore(database),
    legacyIndex: new MemoryLegacyIndex(database),
    legacyLinkDirectory: new MemoryLegacyLinkDirectory(database),
    legacyReconciliation: new MemoryLegacyReconciliation(database),
    legacyRequests: new MemoryLegacyRequests(database),
    legacyCookies: new ExpressSessionCookies([LEGACY_SECRET]),
    legacySessions: new MemoryLegacySessions(database, ['passport', 'user']),
    legacyTickets: new MemoryLegacyTicketStore(database),
    refreshTokenStore: new MemoryRefreshTokenStore(database),
    oneTimeTokenDirectory: new MemoryOneTimeTokenDirectory(database),
    passkeyDirectory: new MemoryPasskeyDirectory(database),
    passkeyChallenges: new MemoryPasskeyChallengeStore(database),
    signInChallenges: new MemorySignInChallengeStore(database),
    sealedTexts: new MemorySealedTextStore(database),
    unitOfWork: new MemoryUnitOfWork(database),
  };
}
