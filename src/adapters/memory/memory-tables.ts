import type { SealedText } from '../../application/ports/security/text-cipher.ts';
import type { BatchRun } from '../../application/ports/stores/batch-run-store.ts';
import type { StoredGrant } from '../../application/ports/stores/break-glass-store.ts';
import type { SealedMessage } from '../../application/ports/stores/case-store.ts';
import type { StoredDataKey } from '../../application/ports/stores/data-key-store.ts';
import type { IdempotencyRecord } from '../../application/ports/stores/idempotency-key-store.ts';
import type { ImportedUser } from '../../application/ports/stores/imported-user-store.ts';
import type { LegacyIndexEntry, LegacyIndexState } from '../../application/ports/legacy/legacy-index.ts';
import type { StoredLink } from '../../application/ports/stores/legacy-link-store.ts';
import type { OutboxEntry, OutboxOutcome } from '../../application/ports/stores/outbox.ts';
import type { PasskeyChallenge } from '../../application/ports/stores/passkey-challenge-store.ts';
import type { TotpSecrets } from '../../application/ports/stores/second-factor-store.ts';
import type { StoredSigningKey } from '../../application/ports/stores/signing-key-store.ts';
import type { FailureCounter } from '../../domain/access/failure-counter.ts';
import type { MfaReset } from '../../domain/access/mfa-reset.ts';
import type { OneTimeToken } from '../../domain/access/one-time-token.ts';
import type { Passkey } from '../../domain/access/second-factor.ts';
import type { Session } from '../../domain/access/session.ts';
import type { SignInChallenge } from '../../domain/access/sign-in-challenge.ts';
import type { AuditHead, AuditLink, AuditSeal } from '../../domain/audit/audit-chain.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { Case } from '../../domain/cases/case.ts';
import type { CaseEvent } from '../../domain/cases/case-event.ts';
import type { Physician } from '../../domain/identity/physician.ts';
import type { User } from '../../domain/identity/user.ts';
import type { ExpressSessionRecord } from '../../domain/legacy/legacy-session.ts';
import type { LegacyTicket } from '../../domain/legacy/legacy-ticket.ts';
import {
  type BatchRunId,
  type CaseId,
  type ChallengeId,
  DEFAULT_TENANT_ID,
  DEFAULT_TENANT_SLUG,
  type GrantId,
  type LegacyLinkId,
  type MfaResetId,
  type PasskeyId,
  type PhysicianId,
  type SessionId,
  type TenantId,
  type UserId,
} from '../../domain/shared/ids.ts';
import { createTenant, type Tenant } from '../../domain/tenancy/tenant.ts';
import { MemoryTable, type ReadonlyMemoryTable } from './memory-table.ts';

/** A refresh token at rest; its key is its hash. */
export interface RefreshTokenRow {
  readonly sessionId: SessionId;
  readonly issuedAt: Date;
  readonly rotatedAt: Date | null;
}

/** Failures in a row at rest; their key is that of the account. */
export interface FailureCounterRow extends FailureCounter {
  readonly lastFailedAt: Date;
}

/** A receipt at rest; its key is its hash. */
export interface CaseReceiptRow {
  readonly caseId: CaseId;
  readonly expiresAt: Date;
  readonly spentAt: Date | null;
}

/** Why an event came about, at rest; its key is its event. */
export interface CaseReasonRow {
  readonly caseId: CaseId;
  readonly body: SealedText;
}

/** Who has a case, at rest; its key is the case. */
export interface AssignmentRow {
  readonly physicianId: PhysicianId;
  readonly physicianTenantId: TenantId;
  readonly assignedAt: Date;
}

/** An authenticator app at rest; its key is its owner. */
export interface TotpRow extends TotpSecrets {
  readonly tenantId: TenantId;
  /** The last time step of the confirmed secret that was used up; `null` before the first. */
  readonly usedStep: number | null;
}

/** A recovery code at rest; its key is its owner and its hash. It is gone once it was used. */
export interface RecoveryCodeRow {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly hash: Uint8Array;
}

/** A sign-in that waits, or waited, for its second factor. */
export interface SignInChallengeRow {
  readonly challenge: SignInChallenge;
  /** Answers that count as wrong. */
  readonly attempts: number;
  readonly isComplete: boolean;
}

/** A reset of second factors at rest. */
export interface MfaResetRow {
  readonly reset: MfaReset;
  readonly reason: SealedText;
  readonly endedAt: Date | null;
}

/** An entry of the outbox at rest. */
export interface OutboxRow extends Omit<OutboxEntry, 'payload'> {
  /** Erased when the entry ends. */
  readonly payload: SealedText | null;
  readonly outcome: OutboxOutcome | null;
  readonly settledAt: Date | null;
}

/** What is said of the installation as a whole; a table of one row. */
export interface InstallationRow {
  readonly anonymousCases: boolean;
}

/** A row of the legacy service, at rest: a request that Casegate did not write. */
export interface LegacyRequestRow {
  readonly caseId: CaseId;
  /** As the legacy service wrote it. */
  readonly vendorId: string | null;
  readonly userId: string | null;
  readonly identifier: string | null;
  readonly userCrypt: string | null;
  readonly language: string | null;
  readonly question: string | null;
  readonly status: string | null;
  readonly createdAt: Date;
  /** The one thing that Casegate writes. */
  readonly ownerId: UserId | null;
}

/** A link at rest, with why it was decided. */
export interface LegacyLinkRow extends StoredLink {
  readonly reason: SealedText | null;
}

/** Which link a legacy request has its owner by, at rest; its key is the request. */
export interface LegacyStampRow {
  readonly tenantId: TenantId;
  readonly linkId: LegacyLinkId;
  readonly userId: UserId;
  readonly runId: BatchRunId | null;
  readonly stampedAt: Date;
}

/** Octets as the key of a row. */
export const octetKey = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');

/** The key of the only row of its table. */
export const INSTALLATION_KEY = 'installation';

/** The key of the only row of its table. */
export const AUDIT_HEAD_KEY = 'audit-head';

/** A new installation: no records but the default tenant and the installation's own. */
export const newTables = (installation: InstallationRow) => ({
  installation: tableOf(INSTALLATION_KEY, installation),
  tenants: tableOf(DEFAULT_TENANT_ID, defaultTenant()),
  users: new MemoryTable<UserId, User>(),
  physicians: new MemoryTable<PhysicianId, Physician>(),
  sessions: new MemoryTable<SessionId, Session>(),
  refreshTokens: new MemoryTable<string, RefreshTokenRow>(),
  failureCounters: new MemoryTable<string, FailureCounterRow>(),
  oneTimeTokens: new MemoryTable<string, OneTimeToken>(),
  totpSecrets: new MemoryTable<UserId, TotpRow>(),
  recoveryCodes: new MemoryTable<string, RecoveryCodeRow>(),
  passkeys: new MemoryTable<PasskeyId, Passkey>(),
  passkeyChallenges: new MemoryTable<string, PasskeyChallenge>(),
  signInChallenges: new MemoryTable<ChallengeId, SignInChallengeRow>(),
  mfaResets: new MemoryTable<MfaResetId, MfaResetRow>(),
  outboxEntries: new MemoryTable<string, OutboxRow>(),
  idempotencyKeys: new MemoryTable<string, IdempotencyRecord>(),
  signingKeys: new MemoryTable<string, StoredSigningKey>(),
  dataKeys: new MemoryTable<string, StoredDataKey>(),
  cases: new MemoryTable<CaseId, Case>(),
  caseMessages: new MemoryTable<string, SealedMessage>(),
  caseEvents: new MemoryTable<string, CaseEvent>(),
  caseReceipts: new MemoryTable<string, CaseReceiptRow>(),
  caseReasons: new MemoryTable<string, CaseReasonRow>(),
  breakGlassGrants: new MemoryTable<GrantId, StoredGrant>(),
  /** When time has something to do with a case; `null` where it has not. */
  caseTimers: new MemoryTable<CaseId, Date | null>(),
  assignments: new MemoryTable<CaseId, AssignmentRow>(),
  legacyRequests: new MemoryTable<CaseId, LegacyRequestRow>(),
  /** The sessions of the legacy service, by their sid. */
  legacySessions: new MemoryTable<string, ExpressSessionRecord>(),
  legacyTickets: new MemoryTable<string, LegacyTicket>(),
  legacyLinks: new MemoryTable<LegacyLinkId, LegacyLinkRow>(),
  legacyStamps: new MemoryTable<CaseId, LegacyStampRow>(),
  legacyIndex: new MemoryTable<CaseId, LegacyIndexEntry>(),
  /** One row, under {@link INSTALLATION_KEY}; none before the first change. */
  legacyIndexState: new MemoryTable<string, LegacyIndexState>(),
  batchRuns: new MemoryTable<BatchRunId, BatchRun>(),
  importedUsers: new MemoryTable<string, ImportedUser>(),
  auditEntries: new MemoryTable<string, AuditEntry>(),
  auditLinks: new MemoryTable<number, AuditLink>(),
  auditSeals: new MemoryTable<number, AuditSeal>(),
  auditHead: tableOf<string, AuditHead>(AUDIT_HEAD_KEY, { number: 0, mac: null }),
});

/** Everything that is kept. */
export type MemoryTables = Readonly<ReturnType<typeof newTables>>;

/** The same, to look at. */
export type ReadonlyMemoryTables = {
  readonly [Name in keyof MemoryTables]: MemoryTables[Name] extends MemoryTable<infer Key, infer Row>
    ? ReadonlyMemoryTable<Key, Row>
    : never;
};

/** The same rows in tables that change independently of these. */
export const copyTables = (tables: MemoryTables): MemoryTables => ({
  installation: tables.installation.copy(),
  tenants: tables.tenants.copy(),
  users: tables.users.copy(),
  physicians: tables.physicians.copy(),
  sessions: tables.sessions.copy(),
  refreshTokens: tables.refreshTokens.copy(),
  failureCounters: tables.failureCounters.copy(),
  oneTimeTokens: tables.oneTimeTokens.copy(),
  totpSecrets: tables.totpSecrets.copy(),
  recoveryCodes: tables.recoveryCodes.copy(),
  passkeys: tables.passkeys.copy(),
  passkeyChallenges: tables.passkeyChallenges.copy(),
  signInChallenges: tables.signInChallenges.copy(),
  mfaResets: tables.mfaResets.copy(),
  outboxEntries: tables.outboxEntries.copy(),
  idempotencyKeys: tables.idempotencyKeys.copy(),
  signingKeys: tables.signingKeys.copy(),
  dataKeys: tables.dataKeys.copy(),
  cases: tables.cases.copy(),
  caseMessages: tables.caseMessages.copy(),
  caseEvents: tables.caseEvents.copy(),
  caseReceipts: tables.caseReceipts.copy(),
  caseReasons: tables.caseReasons.copy(),
  breakGlassGrants: tables.breakGlassGrants.copy(),
  caseTimers: tables.caseTimers.copy(),
  assignments: tables.assignments.copy(),
  legacyRequests: tables.legacyRequests.copy(),
  legacySessions: tables.legacySessions.copy(),
  legacyTickets: tables.legacyTickets.copy(),
  legacyLinks: tables.legacyLinks.copy(),
  legacyStamps: tables.legacyStamps.copy(),
  legacyIndex: tables.legacyIndex.copy(),
  legacyIndexState: tables.legacyIndexState.copy(),
  batchRuns: tables.batchRuns.copy(),
  importedUsers: tables.importedUsers.copy(),
  auditEntries: tables.auditEntries.copy(),
  auditLinks: tables.auditLinks.copy(),
  auditSeals: tables.auditSeals.copy(),
  auditHead: tables.auditHead.copy(),
});

const defaultTenant = (): Tenant =>
  createTenant(DEFAULT_TENANT_ID, { slug: DEFAULT_TENANT_SLUG, name: 'Default' }, new Date(0));

const tableOf = <Key, Row>(key: Key, row: Row): MemoryTable<Key, Row> =>
  new MemoryTable(new Map([[key, row]]));
