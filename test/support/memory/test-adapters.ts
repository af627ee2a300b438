import type { Settings } from '../../../src/application/ports/system/settings.ts';
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
import { MemoryTextCipher } from './memory-text-cipher.ts';
import { MemoryUnitOfWork } from '../../../src/adapters/memory/memory-unit-of-work.ts';
import { SequentialIdGenerator } from '../../../src/adapters/memory/sequential-id-generator.ts';
import { MemoryAccountDirectory } from '../../../src/adapters/memory/stores/account-directory.ts';
import { MemoryFailureCounterStore } from '../../../src/adapters/memory/stores/failure-counter-store.ts';
import { MemoryOneTimeTokenDirectory } from '../../../src/adapters/memory/stores/one-time-token-directory.ts';
import { MemoryPasskeyChallengeStore } from '../../../src/adapters/memory/stores/passkey-challenge-store.ts';
import { MemoryPasskeyDirectory } from '../../../src/adapters/memory/stores/passkey-directory.ts';
import { MemoryRefreshTokenStore } from '../../../src/adapters/memory/stores/refresh-token-store.ts';
import { MemorySignInChallengeStore } from '../../../src/adapters/memory/stores/sign-in-challenge-store.ts';
import { TestTotp } from './test-totp.ts';
import { TestWebAuthn } from './test-web-authn.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const SETTINGS: Settings = {
  passwordMinLength: { alone: 8, withSecondFactor: 8 },
  signIn: { emailVerification: 'optional', secondFactor: 'nobody' },
  sessionLifetimes: {
    patient: { idleSeconds: 14 * DAY, maxSeconds: 30 * DAY },
    staff: { idleSeconds: HOUR, maxSeconds: 12 * HOUR },
  },
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
  return {
    database,
    clock: new FixedClock(now ?? new Date('2026-01-01T00:00:00Z')),
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
    secretGenerator: new MemorySecretGenerator(),
    textCipher: new MemoryTextCipher(),
    totp: new TestTotp(),
    webAuthn: new TestWebAuthn(),
    mailer: new MemoryMailer(),
    accountDirectory: new MemoryAccountDirectory(database),
    failureCounters: new MemoryFailureCounterStore(database),
    refreshTokenStore: new MemoryRefreshTokenStore(database),
    oneTimeTokenDirectory: new MemoryOneTimeTokenDirectory(database),
    passkeyDirectory: new MemoryPasskeyDirectory(database),
    passkeyChallenges: new MemoryPasskeyChallengeStore(database),
    signInChallenges: new MemorySignInChallengeStore(database),
    unitOfWork: new MemoryUnitOfWork(database),
  };
}
