import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type {
  Case,
  CaseAuthorRole,
  CaseEvent,
  CaseMessageKind,
  CaseState,
  QueuedCase,
} from '../../../domain/cases/case.ts';
import type { CaseScope } from '../../../domain/cases/visibility.ts';
import type { CaseId } from '../../../domain/shared/ids.ts';
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

/** Narrows a list of cases. */
export interface CaseFilter {
  readonly state: CaseState | null;
  readonly language: Language | null;
}

/** The cases of one tenant. */
export interface CaseStore {
  /**
   * Keeps a new case with its row for the legacy service, its text, its event and its audit entry; one statement.
   *
   * @throws {Unauthenticated} for an anonymous case where the installation allows none
   */
  readonly add: (submission: SubmittedCase) => Promise<void>;
  /** @returns `null` where there is no such case within the scope */
  readonly find: (id: CaseId, scope: CaseScope) => Promise<Case | null>;
  /** The conversation of a case, oldest first. */
  readonly listMessages: (id: CaseId) => Promise<readonly SealedMessage[]>;
  /** The cases within the scope, newest first. */
  readonly list: (scope: CaseScope, filter: CaseFilter, request: PageRequest) => Promise<Page<Case>>;
}
