import type { Role } from '../identity/user.ts';
import type { CaseId, UserId } from '../shared/ids.ts';
import type { CaseState } from './case.ts';

/** What can happen to a case. The audit trail calls it `cases.` and this. */
export const CASE_EVENT_TYPES = [
  'submitted',
  'adopted',
  /** A case of the legacy service was given a workflow. */
  'adopted-legacy',
  /** Its patient has shown who he is to the legacy service, and it became his. */
  'linked',
  /** That does not count any more. */
  'unlinked',
  'claimed',
  'assigned',
  'started',
  'released',
  'reassigned',
  'info-requested',
  'replied',
  'answered',
  'amended',
  'followed-up',
  'declined',
  'cancelled',
  'closed',
  'expired',
  'voided',
  /** Time has passed, or its assignee was away for too long: it is flagged, and admins are told. */
  'escalated',
  /** Somebody who could take it has come, or nobody is left. */
  'flagged',
  /** The shared physicians may take it from now on. */
  'overflowed',
  /** The patient was reminded of the question that waits for him. */
  'reminded',
  /** Its assignee went away while he worked on it. */
  'assignee-away',
  /** He is back. */
  'assignee-back',
] as const;
export type CaseEventType = (typeof CASE_EVENT_TYPES)[number];

/** As what somebody acts on a case; `system` is a timer, or the installation's own command. */
export const CASE_ACTOR_ROLES = ['patient', 'physician', 'admin', 'anonymous', 'system'] as const;
export type CaseActorRole = Role | 'anonymous' | 'system';

/** An act in the life of a case; never holds text. */
export interface CaseEvent {
  readonly id: string;
  readonly caseId: CaseId;
  readonly type: CaseEventType;
  /** `null` for the first. */
  readonly from: CaseState | null;
  readonly to: CaseState;
  /** The case's version after it; no two events of a case have the same. */
  readonly version: number;
  readonly actorId: UserId | null;
  readonly actorRole: CaseActorRole;
  readonly at: Date;
}

/** Who acts on a case, when, and under which id the event of it is kept. */
export interface CaseAct {
  readonly eventId: string;
  readonly actorId: UserId | null;
  readonly actorRole: CaseActorRole;
  readonly now: Date;
}
