import type { CaseId, PhysicianId, TenantId, UserId } from '../shared/ids.ts';
import { canonicalLanguage, type Language } from '../shared/language.ts';
import { addSeconds } from '../shared/time.ts';
import { CaseLanguageRejected, CaseTextRejected } from './errors.ts';

/** Every state of a case; `legacy` is a case of the legacy service that has no workflow here. */
export const CASE_STATES = [
  'queued',
  'assigned',
  'in_review',
  'info_requested',
  'answered',
  'closed',
  'declined',
  'cancelled',
  'expired',
  'void',
  'legacy',
] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** How soon an answer is needed, the most pressing first. */
export const CASE_PRIORITIES = ['asap', 'urgent', 'routine'] as const;
export type CasePriority = (typeof CASE_PRIORITIES)[number];

/** Which service owns the workflow of a case. */
export const CASE_SOURCES = ['casegate', 'legacy'] as const;
export type CaseSource = (typeof CASE_SOURCES)[number];

/** A case without its text. */
export interface Case {
  readonly id: CaseId;
  readonly tenantId: TenantId;
  readonly state: CaseState;
  /** Grows with each transition; a transition of a stale version is refused. */
  readonly version: number;
  readonly language: Language;
  readonly priority: CasePriority;
  readonly specialty: string | null;
  /** `null` for an anonymous case. */
  readonly patientId: UserId | null;
  readonly physicianId: PhysicianId | null;
  readonly pool: string | null;
  readonly vendorId: string | null;
  readonly flags: readonly string[];
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A case that waits for a physician. */
export type QueuedCase = Case & { readonly state: 'queued'; readonly physicianId: null };

/** The kinds of text that a conversation is made of. */
export type CaseMessageKind = 'question' | 'info-request' | 'reply' | 'answer' | 'amendment' | 'follow-up';

/** Who wrote a text. */
export type CaseAuthorRole = 'patient' | 'physician' | 'anonymous';

/** One text of the conversation about a case, readable. */
export interface CaseMessage {
  readonly id: string;
  readonly kind: CaseMessageKind;
  readonly authorRole: CaseAuthorRole;
  readonly text: string;
  readonly at: Date;
}

/** An act in the life of a case; never holds text. */
export interface CaseEvent {
  readonly id: string;
  readonly caseId: CaseId;
  readonly type: 'submitted';
  readonly from: CaseState | null;
  readonly to: CaseState;
  /** The case's version after it. */
  readonly version: number;
  readonly actorId: UserId | null;
  readonly at: Date;
}

/** What a case is made of. */
export interface CaseSubmission {
  readonly tenantId: TenantId;
  readonly patientId: UserId | null;
  readonly language: Language;
  readonly priority: CasePriority;
  readonly specialty: string | null;
  readonly vendorId: string | null;
  /** The closed pool of the tenant, or `null`. */
  readonly pool: string | null;
}

/** Seconds until an answer is due, by priority. */
const DUE_SECONDS: Readonly<Record<CasePriority, number>> = {
  asap: 4 * 3600,
  urgent: 24 * 3600,
  routine: 72 * 3600,
};

/** The most code points of a text. */
export const CASE_TEXT_MAX = 20_000;

/**
 * Refuses a text that cannot be part of a case: empty or blank, over 20,000 code points, or not well-formed Unicode.
 *
 * @throws {CaseTextRejected}
 */
export function checkCaseText(text: string): void {
  const wellFormed = text.isWellFormed() && !text.includes('\0');
  if (!wellFormed || text.trim() === '' || [...text].length > CASE_TEXT_MAX) throw new CaseTextRejected();
}

/**
 * A case at its first moment: queued, due by its priority.
 *
 * @throws {CaseLanguageRejected}
 */
export function submitCase(id: CaseId, submission: CaseSubmission, now: Date): QueuedCase {
  const language = canonicalLanguage(submission.language);
  if (language === null) throw new CaseLanguageRejected();
  return {
    ...submission,
    language,
    id,
    state: 'queued',
    version: 1,
    physicianId: null,
    flags: [],
    dueAt: addSeconds(now, DUE_SECONDS[submission.priority]),
    createdAt: now,
    updatedAt: now,
  };
}

/** The event that a submission is. */
export const submittedEvent = (id: string, submitted: QueuedCase): CaseEvent => ({
  id,
  caseId: submitted.id,
  type: 'submitted',
  from: null,
  to: submitted.state,
  version: submitted.version,
  actorId: submitted.patientId,
  at: submitted.createdAt,
});
