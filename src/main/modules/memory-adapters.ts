import { randomBytes } from 'node:crypto';
import type { Adapters } from '../../application/adapters.ts';
import type { Mailer } from '../../application/ports/gateways/mailer.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import { MasterKey } from '../../adapters/crypto/master-key.ts';
import { MemoryDatabase } from '../../adapters/memory/memory-database.ts';
import { MemoryRevocationList } from '../../adapters/memory/memory-revocation-list.ts';
import { MemoryUnitOfWork } from '../../adapters/memory/memory-unit-of-work.ts';
import { MemoryAccountDirectory } from '../../adapters/memory/stores/account-directory.ts';
import { MemoryCaseTimers } from '../../adapters/memory/stores/case-timers.ts';
import { MemoryAuditSealStore } from '../../adapters/memory/stores/audit-seal-store.ts';
import { MemoryBatchRunStore } from '../../adapters/memory/stores/batch-run-store.ts';
import { MemoryDataKeyStore } from '../../adapters/memory/stores/data-key-store.ts';
import { MemoryExpiredRecords } from '../../adapters/memory/stores/expired-records.ts';
import { MemoryFailureCounterStore } from '../../adapters/memory/stores/failure-counter-store.ts';
import { MemoryLegacyIndex } from '../../adapters/memory/stores/legacy-index.ts';
import { MemoryLegacyReconciliation } from '../../adapters/memory/stores/legacy-reconciliation.ts';
import { MemoryLegacyRequests } from '../../adapters/memory/stores/legacy-requests.ts';
import { MemoryLegacyLinkDirectory } from '../../adapters/memory/stores/legacy-link-directory.ts';
import { MemoryLegacySessions } from '../../adapters/memory/stores/legacy-sessions.ts';
import { MemoryLegacyTicketStore } from '../../adapters/memory/stores/legacy-ticket-store.ts';
import { MemoryOneTimeTokenDirectory } from '../../adapters/memory/stores/one-time-token-directory.ts';
import { MemoryPasskeyChallengeStore } from '../../adapters/memory/stores/passkey-challenge-store.ts';
import { MemoryPasskeyDirectory } from '../../adapters/memory/stores/passkey-directory.ts';
import { MemoryRefreshTokenStore } from '../../adapters/memory/stores/refresh-token-store.ts';
import { MemorySealedTextStore } from '../../adapters/memory/stores/sealed-text-store.ts';
import { MemorySignInChallengeStore } from '../../adapters/memory/stores/sign-in-challenge-store.ts';
import { MemorySigningKeyStore } from '../../adapters/memory/stores/signing-key-store.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import { type Config, readConfig } from '../config/config.ts';
import { openMailer } from '../open-mailer.ts';
import { commonAdapters } from './common-adapters.ts';

/** What an installation in memory is made of, where it is not to be the demo's. */
export interface MemoryAdaptersOptions {
  /** What it says of databases and keys has no effect. */
  readonly config?: Config | undefined;
  /** The records, where the caller wants to look at them. */
  readonly database?: MemoryDatabase | undefined;
  readonly clock?: Clock | undefined;
  /** Nobody takes up what the outbox holds by itself: `deliverMail` does, an entry at a time. The demo's files unless told. */
  readonly mailer?: Mailer | undefined;
}

/**
 * The adapters of an installation that lives in memory, with keys that nobody else has: what use cases are tried on without a
 * database. Its first signing key is made already.
 */
export async function memoryAdapters(options: MemoryAdaptersOptions = {}): Promise<Adapters> {
  const { config = readConfig({}), clock = new SystemClock() } = options;
  const { anonymousCases } = config.settings;
  const { database = new MemoryDatabase({ anonymousCases }) } = options;
  const { mailer = openMailer(config, () => undefined).mailer } = options;
  const crypto = commonAdapters({
    clock,
    config,
    mailer,
    masterKey: new MasterKey(randomBytes(32)),
    auditKey: new MasterKey(randomBytes(32)),
    signingKeyStore: new MemorySigningKeyStore(database),
    dataKeyStore: new MemoryDataKeyStore(database),
  });
  await crypto.signingKeys.ensure(clock.now());
  return {
    ...crypto,
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
    legacySessions: new MemoryLegacySessions(database, config.legacySessions.subject),
    legacyTickets: new MemoryLegacyTicketStore(database),
    refreshTokenStore: new MemoryRefreshTokenStore(database),
    oneTimeTokenDirectory: new MemoryOneTimeTokenDirectory(database),
    passkeyDirectory: new MemoryPasskeyDirectory(database),
    passkeyChallenges: new MemoryPasskeyChallengeStore(database),
    signInChallenges: new MemorySignInChallengeStore(database),
    sealedTexts: new MemorySealedTextStore(database),
    revocationList: new MemoryRevocationList(database),
    unitOfWork: new MemoryUnitOfWork(database, crypto.vendorDirectory),
  };
}
