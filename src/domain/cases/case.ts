import type { CaseId, PhysicianId, TenantId, UserId } from '../shared/ids.ts';
import type { Language } from '../shared/language.ts';

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

/** The states in which a case has an assignee; in all others it has none. */
export const HELD_STATES = ['assigned', 'in_review', 'info_requested', 'answered', 'closed'] as const;
export type HeldState = (typeof HELD_STATES)[number];

/** The states that count towards a physician's limit of open cases. */
export const OPEN_STATES = [
  'assigned',
  'in_review',
  'info_requested',
] as const satisfies readonly HeldState[];

/** How soon an answer is needed, the most pressing first. */
export const CASE_PRIORITIES = ['asap', 'urgent', 'routine'] as const;
export type CasePriority = (typeof CASE_PRIORITIES)[number];

/** Which service owns the workflow of a case. */
export const CASE_SOURCES = ['casegate', 'legacy'] as const;
export type CaseSource = (typeof CASE_SOURCES)[number];

/** What stands out about a case, for those who watch the queue. */
export const CASE_FLAGS = [
  /** Nobody who could take it is there. */
  'no-candidate',
  /** A quarter of its time has passed, and nobody has taken it. */
  'unclaimed',
  /** Nobody of its private pool took it in half of its time: the shared physicians may. */
  'overflow',
  /** It was not taken in all of its time. */
  'overdue',
  /** Whoever reviews it has been away for a day. */
  'assignee-away',
] as const;
export type CaseFlag = (typeof CASE_FLAGS)[number];

/** What the clocks of a case go by. */
export interface CaseClock {
  /** Seconds between submission and due time, without pauses. */
  readonly dueSeconds: number;
  /** When the case came into its present state. */
  readonly stateSince: Date;
  /** Steps of the escalation that were taken while nobody claimed it; 0 to 3. */
  readonly escalations: number;
  /** How often the patient was reminded of the question that waits for him. */
  readonly reminders: number;
  /** How often the patient followed an answer up. */
  readonly followUps: number;
  /** When the latest answer was given; amendments do not count. */
  readonly answeredAt: Date | null;
  /** Since when the assignee has been away with the case in his hands; `null` once an admin was told. */
  readonly awaySince: Date | null;
}

/** What a case is, whatever its state. */
export interface CaseFacts {
  readonly id: CaseId;
  readonly tenantId: TenantId;
  /** Grows with each event; a change of a stale version is refused. */
  readonly version: number;
  readonly language: Language;
  readonly priority: CasePriority;
  readonly specialty: string | null;
  /** `null` for an anonymous case. */
  readonly patientId: UserId | null;
  /** The closed pool that it goes to; `null` is the shared one. */
  readonly pool: string | null;
  readonly vendorId: string | null;
  /** Which service it was asked in first: whoever asked in the other one is known to that, also where his account is not known here. */
  readonly origin: CaseSource;
  readonly flags: readonly CaseFlag[];
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly clock: CaseClock;
}

/** A case that a physician has, or answered. */
export type HeldCase<State extends HeldState = HeldState> = CaseFacts & {
  readonly state: State;
  readonly physicianId: PhysicianId;
};

/** A case that no physician has. */
export type UnheldCase<State extends CaseState = Exclude<CaseState, HeldState>> = CaseFacts & {
  readonly state: State;
  readonly physicianId: null;
};

/** A case that waits for a physician. */
export type QueuedCase = UnheldCase<'queued'>;
/** A case that a physician has, and has not begun to read for good. */
export type AssignedCase = HeldCase<'assigned'>;
/** A case that a physician works on. */
export type ReviewedCase = HeldCase<'in_review'>;
/** A case that waits for its patient; its clocks pause. */
export type InfoRequestedCase = HeldCase<'info_requested'>;
/** A case with an answer, which may be amended and followed up. */
export type AnsweredCase = HeldCase<'answered'>;
/** A case that is over, by its answer. */
export type ClosedCase = HeldCase<'closed'>;
/** A case that is over without an answer. */
export type EndedCase = UnheldCase<'declined' | 'cancelled' | 'expired' | 'void'>;
/** A case of the legacy service that has no workflow here: it is looked at, and not acted on. */
export type LegacyCase = UnheldCase<'legacy'> & {
  /** How the legacy service calls its state, as stored; `null` where it says nothing. */
  readonly legacyStatus: string | null;
};

/** A case without its text. */
export type Case =
  | QueuedCase
  | AssignedCase
  | ReviewedCase
  | InfoRequestedCase
  | AnsweredCase
  | ClosedCase
  | EndedCase
  | LegacyCase;

const isHeld = (state: CaseState): state is HeldState =>
  (HELD_STATES as readonly CaseState[]).includes(state);

/**
 * A case of these facts in this state; of a legacy one nothing is known of its status.
 *
 * @throws {Error} where it has an assignee and its state has none, or the other way round: a fault, never a refusal
 */
export function caseOf(facts: CaseFacts, state: CaseState, physicianId: PhysicianId | null): Case {
  if (isHeld(state)) {
    if (physicianId === null) throw new Error(`A case in state ${state} has no assignee.`);
    return { ...facts, state, physicianId };
  }
  if (physicianId !== null) throw new Error(`A case in state ${state} has an assignee.`);
  if (state === 'legacy') return { ...facts, state, physicianId, legacyStatus: null };
  return { ...facts, state, physicianId };
}

/** The kinds of text that a conversation is made of. */
export const CASE_MESSAGE_KINDS = [
  'question',
  'info-request',
  'reply',
  'answer',
  'amendment',
  'follow-up',
] as const;
export type CaseMessageKind = (typeof CASE_MESSAGE_KINDS)[number];

/** Who wrote a text. */
export const CASE_AUTHOR_ROLES = ['patient', 'physician', 'anonymous'] as const;
export type CaseAuthorRole = (typeof CASE_AUTHOR_ROLES)[number];

/** One text of the conversation about a case, readable. */
export interface CaseMessage {
  readonly id: string;
  readonly kind: CaseMessageKind;
  readonly authorRole: CaseAuthorRole;
  readonly text: string;
  readonly at: Date;
}
