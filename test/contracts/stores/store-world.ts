import type { AccountDirectory } from '../../../src/application/ports/stores/account-directory.ts';
import type { AuditSealStore } from '../../../src/application/ports/stores/audit-seal-store.ts';
import type { BatchRunStore } from '../../../src/application/ports/stores/batch-run-store.ts';
import type { CaseTimers } from '../../../src/application/ports/stores/case-timers.ts';
import type { DataKeyStore } from '../../../src/application/ports/stores/data-key-store.ts';
import type { ExpiredRecords } from '../../../src/application/ports/stores/expired-records.ts';
import type { FailureCounterStore } from '../../../src/application/ports/stores/failure-counter-store.ts';
import type { LegacyLinkDirectory } from '../../../src/application/ports/stores/legacy-link-directory.ts';
import type { LegacyIndex } from '../../../src/application/ports/legacy/legacy-index.ts';
import type { LegacyReconciliation } from '../../../src/application/ports/legacy/legacy-reconciliation.ts';
import type { LegacyRequests } from '../../../src/application/ports/legacy/legacy-requests.ts';
import type { LegacySessions } from '../../../src/application/ports/legacy/legacy-sessions.ts';
import type { LegacyTicketStore } from '../../../src/application/ports/stores/legacy-ticket-store.ts';
import type { OneTimeTokenDirectory } from '../../../src/application/ports/stores/one-time-token-store.ts';
import type { OutboxEntry } from '../../../src/application/ports/stores/outbox.ts';
import type { PasskeyChallengeStore } from '../../../src/application/ports/stores/passkey-challenge-store.ts';
import type { RefreshTokenStore } from '../../../src/application/ports/stores/refresh-token-store.ts';
import type { SealedTextStore } from '../../../src/application/ports/stores/sealed-text-store.ts';
import type { PasskeyDirectory } from '../../../src/application/ports/stores/second-factor-store.ts';
import type { SignInChallengeStore } from '../../../src/application/ports/stores/sign-in-challenge-store.ts';
import type { SigningKeyStore } from '../../../src/application/ports/stores/signing-key-store.ts';
import type { SealedText } from '../../../src/application/ports/security/text-cipher.ts';
import type { UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { CaseEvent } from '../../../src/domain/cases/case-event.ts';
import type { Vendor } from '../../../src/domain/legacy/vendor.ts';
import type { CaseId, MfaResetId, PhysicianId, TenantId, UserId } from '../../../src/domain/shared/ids.ts';

/** A request as the legacy service writes it. */
export interface PlantedRequest {
  readonly caseId: CaseId;
  readonly vendorId: string | null;
  readonly userId: string | null;
  readonly identifier: string | null;
  readonly userCrypt: string | null;
  readonly language: string | null;
  readonly question: string | null;
  readonly status: string | null;
  readonly createdAt: Date;
}

/** Which physician has a case, of which tenant, since when. */
export interface Assignment {
  readonly physicianId: PhysicianId;
  readonly physicianTenantId: TenantId;
  readonly assignedAt: Date;
}

/**
 * What the store contracts need to run: the stores of one installation, and ways to plant and to look at what no port does (yet).
 * A contract asks only for the members that it uses. Records of other runs may be there; the tenant `default` must be.
 */
export interface StoreWorld {
  readonly unitOfWork: UnitOfWork;
  readonly accountDirectory: AccountDirectory;
  readonly auditSeals: AuditSealStore;
  readonly batchRuns: BatchRunStore;
  readonly caseTimers: CaseTimers;
  readonly refreshTokenStore: RefreshTokenStore;
  readonly failureCounters: FailureCounterStore;
  readonly expiredRecords: ExpiredRecords;
  readonly legacyIndex: LegacyIndex;
  readonly legacyReconciliation: LegacyReconciliation;
  readonly legacyLinkDirectory: LegacyLinkDirectory;
  /** Reads the subject at `/passport/user`. */
  readonly legacySessions: LegacySessions;
  readonly legacyTickets: LegacyTicketStore;
  readonly oneTimeTokenDirectory: OneTimeTokenDirectory;
  readonly passkeyDirectory: PasskeyDirectory;
  readonly passkeyChallenges: PasskeyChallengeStore;
  readonly signInChallenges: SignInChallengeStore;
  /** Must hold no key when the world is opened. */
  readonly signingKeyStore: SigningKeyStore;
  readonly dataKeyStore: DataKeyStore;
  readonly sealedTexts: SealedTextStore;
  /** Says whether the installation allows anonymous cases; it does when the world is opened. */
  readonly allowAnonymousCases: (allowed: boolean) => Promise<void>;
  /** Writes a session as the legacy service does. @param json its data */
  readonly writeLegacySession: (sid: string, json: string, expiresAt: Date) => Promise<void>;
  /** Writes a request as the legacy service does, or what it says now. */
  readonly writeLegacyRequest: (request: PlantedRequest) => Promise<void>;
  /** Removes a request as the legacy service does. */
  readonly removeLegacyRequest: (id: CaseId) => Promise<void>;
  /** Makes the index one that was never built. */
  readonly forgetLegacyIndex: () => Promise<void>;
  /** Look-ups of a process that has just begun. @param now where its clock stands */
  readonly openLegacyRequests: (now: Date) => LegacyRequests;
  /** Lists a vendor that was not listed yet. */
  readonly listVendor: (vendor: Vendor) => void;
  /** Whose a legacy request is; `null` where it is nobody's. */
  readonly readLegacyOwner: (id: CaseId) => Promise<UserId | null>;
  /** The audit trail of a tenant, oldest first. */
  readonly readAudit: (tenantId: TenantId) => Promise<readonly AuditEntry[]>;
  /** Which physician a case is assigned to, as others are told; `null` where it is nobody's. */
  readonly readAssignment: (id: CaseId) => Promise<Assignment | null>;
  /** The events of a case, by version. */
  readonly readEvents: (id: CaseId) => Promise<readonly CaseEvent[]>;
  /** What is left of the payload of an entry of the outbox, ended or not; `null` where nothing is. */
  readonly readOutboxPayload: (id: OutboxEntry['id']) => Promise<SealedText | null>;
  /** Why an admin resets somebody's second factors; `null` where there is no such reset. */
  readonly readResetReason: (id: MfaResetId) => Promise<SealedText | null>;
}

/** Opens a world for one test, of only the members that its contract uses. Whoever opened it closes it. */
export type OpenWorld<Member extends keyof StoreWorld> = () => Promise<Pick<StoreWorld, Member>>;
