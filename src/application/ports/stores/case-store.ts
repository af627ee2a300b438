import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type {
  Case,
  CaseAuthorRole,
  CaseMessageKind,
  CasePriority,
  CaseSource,
  CaseState,
  QueuedCase,
} from '../../../domain/cases/case.ts';
import type { CaseActorRole, CaseEvent, CaseEventType } from '../../../domain/cases/case-event.ts';
import type { LegacyAdoption } from '../../../domain/cases/legacy-case.ts';
import type { CaseIntake } from '../../../domain/cases/submit-case.ts';
import type { Routed } from '../../../domain/cases/eligibility.ts';
import type { Transition } from '../../../domain/cases/transition.ts';
import type { Physician } from '../../../domain/identity/physician.ts';
import type { Vendor } from '../../../domain/legacy/vendor.ts';
import type { CaseScope, ListedScope } from '../../../domain/cases/visibility.ts';
import type { CaseId, PhysicianId } from '../../../domain/shared/ids.ts';
import type { Language } from '../../../domain/shared/language.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { SealedText } from '../security/text-cipher.ts';

/** One text of a conversation as it is stored: sealed for table `case_messages`, column `body`, its own id. */
export interface SealedMessage {
  readonly id: string;
  readonly caseId: CaseId;
  readonly kind: CaseMessageKind;
  readonly authorRole: CaseAuthorRole;
  readonly authorId: string | null;
  readonly body: SealedText;
  readonly at: Date;
}

/** Why an event came about, as it is stored: sealed for table `case_reasons`, column `body`, the event's id. */
export interface SealedReason {
  readonly eventId: string;
  readonly type: CaseEventType;
  readonly actorRole: CaseActorRole;
  readonly body: SealedText;
  readonly at: Date;
}

/** What shows the state of an anonymous case to whoever holds it; stored hashed. */
export interface CaseReceipt {
  /** Keyed hash, 32 octets. */
  readonly hash: Uint8Array;
  readonly expiresAt: Date;
}

/** A submission, whole: kept together or not at all. */
export interface SubmittedCase {
  readonly submitted: QueuedCase;
  readonly question: SealedMessage;
  readonly event: CaseEvent;
  readonly audit: AuditEntry;
  /** For an anonymous case; otherwise `null`. */
  readonly receipt: CaseReceipt | null;
}

/** A step in the life of a case, whole: kept together or not at all. */
export interface CaseChange extends Transition {
  readonly audit: AuditEntry;
  /** The text that came with it; `null` where none did. */
  readonly message: SealedMessage | null;
  /** Why, sealed for `case_reasons` and the event's id; `null` where nobody said. */
  readonly reason: SealedText | null;
}

/** A legacy case's way into the workflow, whole: kept together or not at all. */
export interface AdoptedLegacyCase extends LegacyAdoption {
  readonly audit: AuditEntry;
  /** What its row asks; `null` where that asks nothing. */
  readonly question: SealedMessage | null;
}

/** Narrows a list of cases. */
export interface CaseFilter {
  readonly state: CaseState | null;
  /** Legacy cases are found by it as soon as they are in the legacy index. */
  readonly language: Language | null;
  /** `null` for cases with a workflow and legacy ones, in one list. */
  readonly source: CaseSource | null;
}

/** A place in the queue: asap before urgent before routine, then due time, then submission, then id. */
export interface QueuePosition {
  readonly priority: CasePriority;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly id: CaseId;
}

/** What the queue is asked for. */
export interface QueueRequest {
  readonly filter: Pick<CaseFilter, 'language'>;
  /** 1 to 100. */
  readonly limit: number;
  /** The place of the last case already seen; `null` asks for the first page. */
  readonly after: QueuePosition | null;
}

/** One page of the queue, in its order. */
export interface QueuePage {
  readonly items: readonly QueuedCase[];
  /** `null` at the end. */
  readonly next: QueuePosition | null;
}

/**
 * The cases of one tenant; and of other tenants those that reach its physicians, where it is the practice. Rows of the legacy service
 * without a workflow are legacy cases of its tenant: for the patient who is linked to them, and, of the tenant's vendors, in scope
 * `tenant`. That scope lists them as soon as they are in the legacy index. An owner of another tenant is not told.
 */
export interface CaseStore {
  /**
   * What a new case of this language meets: its pool, the tenant's due times, and whether a physician is there who could take it,
   * whatever his load; one statement.
   *
   * @param vendor whose case it is: its private pool counts where it belongs to this tenant, otherwise the tenant's own
   * @returns `null` where there is no such tenant
   */
  readonly intake: (
    language: Language,
    vendor: Pick<Vendor, 'tenant' | 'privatePool'>,
  ) => Promise<CaseIntake | null>;
  /** Whether a physician is there who could take the case, whatever his load: of the tenant itself or of the practice. */
  readonly hasCandidate: (routed: Routed) => Promise<boolean>;
  /**
   * Keeps a new case with its row for the legacy service, its text, its event and its audit entry; one statement. Where the patient is
   * linked to an identity of the legacy service, the row says it as the newest row of that identity does, of the case's vendor where it
   * names one.
   *
   * @throws {Unauthenticated} for an anonymous case where the installation allows none
   */
  readonly add: (submission: SubmittedCase) => Promise<void>;
  /**
   * Keeps a step of a case of this tenant with its event, its audit entry, its text and its reason, where the case still is in the state
   * and of the version that it is taken from; one statement. The case's row for the legacy service follows its patient, its assignment
   * follows its assignee.
   *
   * @returns `false` where somebody else was faster: nothing is kept
   */
  readonly save: (change: CaseChange) => Promise<boolean>;
  /**
   * Keeps the workflow of a legacy case of this tenant with its event, its audit entry and its text, where its row still is there and of
   * the same owner; one statement. The row stays as it is.
   *
   * @returns `false` where the row has another owner by now, or is gone: nothing is kept
   * @throws {CaseNotAllowedInState} where it has a workflow already
   */
  readonly adoptLegacy: (adopted: AdoptedLegacyCase) => Promise<boolean>;
  /** @returns `null` where there is no such case within the scope */
  readonly find: (id: CaseId, scope: CaseScope) => Promise<Case | null>;
  /** The cases within the scope, newest first; one statement. A page may be shorter than asked for, and not be the last. */
  readonly list: (scope: ListedScope, filter: CaseFilter, request: PageRequest) => Promise<Page<Case>>;
  /**
   * What a legacy case asks, as its row says it now.
   *
   * @returns `null` where there is no such legacy case within the scope, or it asks nothing
   */
  readonly readLegacyQuestion: (id: CaseId, scope: ListedScope) => Promise<string | null>;
  /**
   * The queue of a physician of this tenant, whatever his load: cases that his pool and his languages let him take and that are not his
   * own, also of other tenants where he is of the practice.
   */
  readonly queueFor: (
    physician: Pick<Physician, 'userId' | 'privatePool' | 'languages'>,
    request: QueueRequest,
  ) => Promise<QueuePage>;
  /** The whole queue of the tenant. */
  readonly queue: (request: QueueRequest) => Promise<QueuePage>;
  /**
   * The cases that a physician of this tenant has and that are not answered, of any tenant, oldest first; held until the unit of work
   * ends (SELECT … FOR NO KEY UPDATE), so that nobody changes them meanwhile.
   */
  readonly lockOpenOf: (physicianId: PhysicianId) => Promise<readonly Case[]>;
  /** The conversation of a case of this tenant, oldest first. */
  readonly listMessages: (id: CaseId) => Promise<readonly SealedMessage[]>;
  /** The reasons that were given in the life of a case of this tenant, oldest first. */
  readonly listReasons: (id: CaseId) => Promise<readonly SealedReason[]>;
  /** What happened to a case of this tenant, newest first; `createdAt` of a position is the event's time. */
  readonly listEvents: (id: CaseId, request: PageRequest) => Promise<Page<CaseEvent>>;
  /**
   * The anonymous case of a receipt.
   *
   * @returns `null` where there is no such receipt, or it was spent, or its time is over
   */
  readonly findByReceipt: (hash: Uint8Array, now: Date) => Promise<Case | null>;
  /**
   * Spends receipts that are neither spent nor expired; one statement. Each is spent once, however many try. Their cases are held until
   * the unit of work ends, so that nobody changes them meanwhile.
   *
   * @returns the cases of those that were spent, each once
   */
  readonly spendReceipts: (hashes: readonly Uint8Array[], now: Date) => Promise<readonly CaseId[]>;
}
