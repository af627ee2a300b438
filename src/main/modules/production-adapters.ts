import type { Adapters } from '../../application/adapters.ts';
import type { Mailer } from '../../application/ports/gateways/mailer.ts';
import type { RevocationList } from '../../application/ports/security/revocation-list.ts';
import type { Clock } from '../../application/ports/system/clock.ts';
import type { VendorStatementsOptions } from '../../adapters/crypto/jose-vendor-statements.ts';
import type { MasterKey } from '../../adapters/crypto/master-key.ts';
import type { PostgresDatabase } from '../../adapters/postgres/database.ts';
import type { EnqueueJob } from '../../adapters/postgres/enqueue-job.ts';
import { ConnectPgSimpleSessions } from '../../adapters/postgres/legacy/connect-pg-simple-sessions.ts';
import { PostgresLegacyIndex } from '../../adapters/postgres/legacy/legacy-index.ts';
import { PostgresLegacyReconciliation } from '../../adapters/postgres/legacy/legacy-reconciliation.ts';
import { PostgresLegacyRequests } from '../../adapters/postgres/legacy/legacy-requests.ts';
import { LegacyShape } from '../../adapters/postgres/legacy/legacy-shape.ts';
import { PoolStatements } from '../../adapters/postgres/pool-statements.ts';
import { PostgresAccountDirectory } from '../../adapters/postgres/stores/account-directory.ts';
import { PostgresCaseTimers } from '../../adapters/postgres/stores/case-timers.ts';
import { PostgresAuditSealStore } from '../../adapters/postgres/stores/audit-seal-store.ts';
import { PostgresBatchRunStore } from '../../adapters/postgres/stores/batch-run-store.ts';
import { PostgresDataKeyStore } from '../../adapters/postgres/stores/data-key-store.ts';
import { PostgresExpiredRecords } from '../../adapters/postgres/stores/expired-records.ts';
import { PostgresFailureCounterStore } from '../../adapters/postgres/stores/failure-counter-store.ts';
import { PostgresLegacyLinkDirectory } from '../../adapters/postgres/stores/legacy-link-directory.ts';
import { PostgresLegacyTicketStore } from '../../adapters/postgres/stores/legacy-ticket-store.ts';
import { PostgresOneTimeTokenDirectory } from '../../adapters/postgres/stores/one-time-token-directory.ts';
import { PostgresPasskeyChallengeStore } from '../../adapters/postgres/stores/passkey-challenge-store.ts';
import { PostgresPasskeyDirectory } from '../../adapters/postgres/stores/passkey-directory.ts';
import { PostgresRefreshTokenStore } from '../../adapters/postgres/stores/refresh-token-store.ts';
import { PostgresSealedTextStore } from '../../adapters/postgres/stores/sealed-text-store.ts';
import { PostgresSignInChallengeStore } from '../../adapters/postgres/stores/sign-in-challenge-store.ts';
import { PostgresSigningKeyStore } from '../../adapters/postgres/stores/signing-key-store.ts';
import { PostgresUnitOfWork } from '../../adapters/postgres/unit-of-work.ts';
import type { Config } from '../config/config.ts';
import { commonAdapters, type CommonAdapters } from './common-adapters.ts';

/** What the adapters of a running installation stand on. */
export interface Foundations {
  readonly config: Config;
  readonly database: PostgresDatabase;
  readonly masterKey: MasterKey;
  readonly auditKey: MasterKey;
  readonly clock: Clock;
  readonly revocationList: RevocationList;
  readonly mailer: Mailer;
  readonly enqueue: EnqueueJob;
  /** Told whose keys are out of reach, and why; the first time of several in a row. */
  readonly onVendorKeys: VendorStatementsOptions['onFault'];
}

/** The adapters of an installation, keys once more by their technology, for whoever hears that they changed elsewhere. */
export type ProductionAdapters = Adapters & Pick<CommonAdapters, 'signingKeys' | 'dataKeyRotation'>;

/** One adapter a port, on PostgreSQL and Node's cryptography. */
export function productionAdapters(foundations: Foundations): ProductionAdapters {
  const { auditKey, clock, config, database, enqueue, mailer, masterKey, revocationList } = foundations;
  const statements = new PoolStatements(database.kysely);
  const legacyShape = new LegacyShape();
  const common = commonAdapters({
    clock,
    config,
    mailer,
    masterKey,
    auditKey,
    onVendorKeys: foundations.onVendorKeys,
    signingKeyStore: new PostgresSigningKeyStore(database.kysely),
    dataKeyStore: new PostgresDataKeyStore(statements),
  });
  return {
    ...common,
    revocationList,
    accountDirectory: new PostgresAccountDirectory(statements),
    auditSeals: new PostgresAuditSealStore(statements),
    batchRuns: new PostgresBatchRunStore(statements),
    caseTimers: new PostgresCaseTimers(statements),
    expiredRecords: new PostgresExpiredRecords(statements),
    failureCounters: new PostgresFailureCounterStore(statements),
    legacyIndex: new PostgresLegacyIndex(statements, legacyShape),
    legacyLinkDirectory: new PostgresLegacyLinkDirectory(statements),
    legacyReconciliation: new PostgresLegacyReconciliation(statements, legacyShape),
    legacyRequests: new PostgresLegacyRequests(statements, legacyShape, clock),
    legacySessions: new ConnectPgSimpleSessions(statements, config.legacySessions),
    legacyTickets: new PostgresLegacyTicketStore(statements),
    refreshTokenStore: new PostgresRefreshTokenStore(statements, clock),
    oneTimeTokenDirectory: new PostgresOneTimeTokenDirectory(statements),
    passkeyDirectory: new PostgresPasskeyDirectory(statements),
    passkeyChallenges: new PostgresPasskeyChallengeStore(statements),
    signInChallenges: new PostgresSignInChallengeStore(statements),
    sealedTexts: new PostgresSealedTextStore(statements),
    unitOfWork: new PostgresUnitOfWork(database.kysely, enqueue, common.vendorDirectory, legacyShape),
  };
}
